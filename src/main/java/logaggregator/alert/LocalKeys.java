package logaggregator.alert;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Keys among the threads of this process. Thread-safe. */
final class LocalKeys implements SharedKeys {

    private record Held(String token, long until) {}

    private record Place(long rank, boolean holds, long until) {}

    private final Map<String, Held> held = new HashMap<>();
    private final Map<String, Map<String, Place>> turns = new HashMap<>();
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
    public synchronized Turn ask(String key, String token, long rank, boolean takes, Duration patience, Duration time) {
        long now = nanoTime.getAsLong();
        Map<String, Place> places = turns.computeIfAbsent(key, name -> new HashMap<>());
        places.values().removeIf(place -> place.until() - now <= 0);
        Place before = places.remove(token);
        boolean holds = before != null && before.holds();
        boolean isHeld = places.values().stream().anyMatch(Place::holds);
        if (!holds && isHeld && places.values().stream().anyMatch(place -> !place.holds() && place.rank() > rank)) {
            return Turn.LOST;
        }
        boolean next = !isHeld && places.values().stream().noneMatch(place -> place.rank() < rank);
        holds |= next && takes;
        places.put(token, new Place(rank, holds, now + (holds ? time : patience).toNanos()));
        return holds || next ? Turn.HAS : Turn.WAITS;
    }

    @Override
    public synchronized void passOn(String key, String token) {
        Map<String, Place> places = turns.get(key);
        if (places != null) {
            places.remove(token);
            long now = nanoTime.getAsLong();
            turns.values().forEach(each -> each.values().removeIf(place -> place.until() - now <= 0));
            turns.values().removeIf(Map::isEmpty);
        }
    }
}
