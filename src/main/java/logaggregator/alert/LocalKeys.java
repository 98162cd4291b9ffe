package logaggregator.alert;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Keys among the threads of this process. Thread-safe. */
final class LocalKeys implements SharedKeys {

    private record Held(String token, long until) {}

    private final Map<String, Held> held = new HashMap<>();
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
}
