package logaggregator.alert;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import logaggregator.UnavailableException;

/** Keeps the states of alerts in memory, as the table does. */
final class FakeAlertBook implements AlertBook {

    final List<Silence> silences = new ArrayList<>();
    boolean away;
    private final Map<List<String>, AlertState> states = new LinkedHashMap<>();
    private final Map<List<String>, Instant> noted = new LinkedHashMap<>();
    private Instant last = Instant.EPOCH;

    @Override
    public Instant now() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<AlertState> states() {
        return List.copyOf(states.values());
    }

    @Override
    public Instant lastEvaluation() {
        if (away) {
            throw new UnavailableException("away", null);
        }
        return last;
    }

    /** What happens when some process evaluates. */
    void evaluated(Instant at) {
        last = at;
    }

    @Override
    public boolean save(Collection<AlertState> changed, Measured measured) {
        if (!measured.before().equals(last)) {
            return false;
        }
        last = measured.at();
        changed.forEach(state -> {
            AlertState before = states.get(key(state.rule(), state.group()));
            put(state, before != null && before.told(), before == null ? null : before.firedAt(), state.owedUntil());
        });
        return true;
    }

    @Override
    public void close(AlertState state) {
        put(state, false, state.firedAt(), null);
    }

    @Override
    public void note(AlertEvent event) {
        List<String> key = key(event.rule().name(), event.group());
        AlertState state = states.get(key);
        Instant before = noted.getOrDefault(key, Instant.EPOCH);
        // what lies ahead was noted before the clock was set back
        if (before.isAfter(event.at()) && !before.isAfter(last)) {
            return;
        }
        noted.put(key, event.at());
        if (event.isFiring()) {
            put(state, true, event.at(), state.owedUntil());
        } else {
            close(state);
        }
    }

    @Override
    public void record(AlertNotice notice, Instant at, List<ChannelResult> results) {}

    private void put(AlertState state, boolean told, Instant firedAt, Instant owedUntil) {
        states.put(
                key(state.rule(), state.group()),
                new AlertState(
                        state.rule(),
                        state.group(),
                        state.severity(),
                        state.channels(),
                        state.count(),
                        state.startedAt(),
                        state.endedAt(),
                        state.missingSince(),
                        told,
                        firedAt,
                        owedUntil));
    }

    private static List<String> key(String rule, String group) {
        return List.of(rule, group);
    }

    @Override
    public List<PastAlert> history(int limit) {
        return List.of();
    }

    @Override
    public List<Silence> silences() {
        return silences;
    }

    @Override
    public Silence addSilence(String rule, String group, Instant until, String comment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Silence removeSilence(long id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void prune() {}
}
