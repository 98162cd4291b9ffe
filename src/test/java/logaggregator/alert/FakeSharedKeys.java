package logaggregator.alert;

import java.time.Duration;
import java.util.function.LongSupplier;
import logaggregator.UnavailableException;

/** Keys that all processes share, as long as it is up. */
final class FakeSharedKeys implements SharedKeys {

    boolean down;
    private final LocalKeys keys;

    FakeSharedKeys(LongSupplier nanoTime) {
        keys = new LocalKeys(nanoTime);
    }

    private LocalKeys keys() {
        if (down) {
            throw new UnavailableException("down", null);
        }
        return keys;
    }

    @Override
    public boolean claim(String key, String token, Duration time, Duration longest) {
        return keys().claim(key, token, time, longest);
    }

    @Override
    public boolean hold(String key, String token, Duration time) {
        return keys().hold(key, token, time);
    }

    @Override
    public void release(String key, String token) {
        keys().release(key, token);
    }

    @Override
    public Turn ask(String key, String token, long rank, boolean takes, Terms terms) {
        return keys().ask(key, token, rank, takes, terms);
    }

    @Override
    public void passOn(String key, String token) {
        keys().passOn(key, token);
    }
}
