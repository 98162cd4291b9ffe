package logaggregator.store;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The name that a client gave to what it asks in the current thread, so that it can end it.
 *
 * @param owner the account that asks: to another's the same id means nothing
 */
public record QueryName(UUID id, String owner) {

    private static final ThreadLocal<QueryName> CURRENT = new ThreadLocal<>();

    public static void set(QueryName name) {
        CURRENT.set(name);
    }

    public static void clear() {
        CURRENT.remove();
    }

    /** Null when it has none. */
    public static @Nullable QueryName current() {
        return CURRENT.get();
    }
}
