package logaggregator.security;

import logaggregator.access.Access;
import logaggregator.access.Scope;

/** What an endpoint asks of whoever calls it. */
enum Need {
    /** Nobody is asked who they are. */
    NOTHING("nothing"),

    /** Open to everybody; whoever shows a key is told more. */
    PERHAPS_A_KEY("nothing"),

    ANY_KEY("any key"),
    INGEST("a key with the scope ingest"),
    READ("a key with the scope read"),
    READ_ALL_APPS("a key with the scope read, for all apps"),
    ADMIN("a key with the scope admin");

    private final String description;

    Need(String description) {
        this.description = description;
    }

    /** Whether one gets in without a key. */
    boolean isOpen() {
        return this == NOTHING || this == PERHAPS_A_KEY;
    }

    boolean isMetBy(Access access) {
        return switch (this) {
            case NOTHING, PERHAPS_A_KEY -> true;
            case ANY_KEY -> !access.scopes().isEmpty();
            case INGEST -> access.has(Scope.INGEST);
            case READ -> access.has(Scope.READ);
            case READ_ALL_APPS -> access.has(Scope.READ) && access.hasAllApps();
            case ADMIN -> access.has(Scope.ADMIN);
        };
    }

    String description() {
        return description;
    }
}
