package routes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import logaggregator.alert.AlertNotice;
import logaggregator.alert.ChannelResult;
import org.jspecify.annotations.Nullable;

/** One alert on its way to several channels, and what became of it at each. Thread-safe. */
public final class FanOut {

    /** Property of the exchange that is split among the channels. */
    static final String PROPERTY = "fanOut";

    private final AlertNotice notice;
    private final long startedAt = System.nanoTime();
    private final Set<String> underWay = new LinkedHashSet<>();
    private final Map<String, String> channels = new HashMap<>();
    private final List<ChannelResult> results = new ArrayList<>();

    FanOut(AlertNotice notice) {
        this.notice = notice;
    }

    /** What the channels are told. */
    public Map<String, Object> getBody() {
        return notice.body();
    }

    synchronized void send(String channel) {
        underWay.add(channel);
    }

    /** Notes which exchange is for which channel, whatever the channel's route does with it. */
    synchronized void entered(String exchangeId, String channel) {
        channels.put(exchangeId, channel);
    }

    /** The channel that an exchange is for; null when it didn't get that far. */
    synchronized @Nullable String channel(String exchangeId) {
        return channels.get(exchangeId);
    }

    /** Names of the channels that are to be told. */
    public synchronized List<String> getChannels() {
        return List.copyOf(underWay);
    }

    /** Those without a result yet. */
    synchronized List<String> missing() {
        return List.copyOf(new TreeSet<>(underWay));
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    synchronized ChannelResult delivered(String channel, int attempts) {
        return add(new ChannelResult(channel, true, attempts, age().toMillis(), null));
    }

    synchronized ChannelResult failed(String channel, int attempts, String error) {
        return add(new ChannelResult(channel, false, attempts, age().toMillis(), error));
    }

    private ChannelResult add(ChannelResult result) {
        underWay.remove(result.channel());
        results.add(result);
        return result;
    }

    synchronized List<ChannelResult> results() {
        return List.copyOf(results);
    }
}
