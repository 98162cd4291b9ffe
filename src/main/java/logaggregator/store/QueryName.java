package logaggregator.store;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The name that a client gave to what it asks in the current thread, so that it can end it. */
public final class QueryName {

    private static final ThreadLocal<UUID> CURRENT = new ThreadLocal<>();

    private QueryName() {}

    public static void set(UUID name) {
        CURRENT.set(name);
    }

    public static void clear() {
        CURRENT.remove();
    }

    /** Null when it has none. */
    public static @Nullable UUID current() {
        return CURRENT.get();
    }
}
