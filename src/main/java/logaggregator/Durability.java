package logaggregator;

import java.util.Locale;

/** How safe an accepted record is, as told in the response header {@code Log-Durability}. */
public enum Durability {
    /** In Redis, which calls fsync before it answers: survives a power loss. */
    FSYNC,
    /** In Redis, which calls fsync once a second: the last seconds can be lost. */
    EVERYSEC,
    /** In the memory of Redis only: lost when Redis stops. */
    MEMORY,
    /** In Redis, which doesn't tell its settings. */
    UNKNOWN,
    /** Committed in PostgreSQL. */
    POSTGRES;

    /** The answer's {@code backend}: {@code redis} or {@code db}. */
    public String backend() {
        return this == POSTGRES ? "db" : "redis";
    }

    /** The value of the response header. */
    public String token() {
        return name().toLowerCase(Locale.ROOT);
    }
}
