package logaggregator.alert;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Keys among the threads of this process. Thread-safe. */
final class LocalKeys implements SharedKeys {

    private record Held(String token, long until) {}

    private record Place(long rank, boolean holds, long until) {}

    /** Those who wait for a key or hold it, by their tokens, and the highest rank that had it. */
    private static final class Line {
        private final Map<String, Place> places = new HashMap<>();
        private @Nullable Place last;
    }

    private final Map<String, Held> held = new HashMap<>();
    private final Map<String, Line> lines = new HashMap<>();
    private final LongSupplier nanoTime;

    LocalKeys() {
        this(System::nanoTime);
    }

    LocalKeys(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized boolean claim(String key, String token, Duration time, Duration longest) {
        long now = nanoTime.getAsLong();
        held.values().removeIf(each -> each.until() - now <= 0);
        return held.putIfAbsent(key, new Held(token, now + time.toNanos())) == null;
    }

    @Override
    public synchronized boolean hold(String key, String token, Duration time) {
        long now = nanoTime.getAsLong();
        Held other = held.get(key);
        if (other != null && !other.token().equals(token) && other.until() - now > 0) {
            return false;
        }
        held.put(key, new Held(token, now + time.toNanos()));
        return true;
    }

    @Override
    public synchronized void release(String key, String token) {
        Held mine = held.get(key);
        if (mine != null && mine.token().equals(token)) {
            held.remove(key);
        }
    }

    @Override
    public synchronized Turn ask(String key, String token, long rank, boolean takes, Terms terms) {
        long now = nanoTime.getAsLong();
        forget(now);
        Line line = lines.computeIfAbsent(key, name -> new Line());
        Place before = line.places.remove(token);
        Collection<Place> others = line.places.values();
        boolean holds = before != null && before.holds();
        boolean isHeld = others.stream().anyMatch(Place::holds);
        boolean isLate = isLate(line.last, rank, terms);
        if (!holds && (isLate || isHeld && others.stream().anyMatch(place -> !place.holds() && place.rank() > rank))) {
            return Turn.LOST;
        }
        boolean next = holds || !isHeld && others.stream().noneMatch(place -> place.rank() < rank);
        holds |= next && takes;
        line.places.put(token, new Place(rank, holds, now + (holds ? terms.time() : terms.patience()).toNanos()));
        if (holds) {
            line.last = new Place(rank, false, now + terms.memory().toNanos());
        }
        return next ? Turn.HAS : Turn.WAITS;
    }

    /** Who is earlier by more than anybody may be late comes from a clock that was set back. */
    private static boolean isLate(@Nullable Place last, long rank, Terms terms) {
        return last != null
                && rank < last.rank()
                && last.rank() - rank <= terms.memory().toMillis();
    }

    private void forget(long now) {
        lines.values().removeIf(line -> {
            line.places.values().removeIf(place -> place.until() - now <= 0);
            if (line.last != null && line.last.until() - now <= 0) {
                line.last = null;
            }
            return line.places.isEmpty() && line.last == null;
        });
    }

    @Override
    public synchronized void passOn(String key, String token) {
        Line line = lines.get(key);
        if (line != null) {
            line.places.remove(token);
        }
    }
}
