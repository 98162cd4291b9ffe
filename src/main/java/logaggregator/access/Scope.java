package logaggregator.access;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a key is for. */
public enum Scope {
    /** Sending logs. */
    INGEST,
    /** Looking at logs and alerts. */
    READ,
    /** Everything. */
    ADMIN;

    /** As settings and the API call it, in lower case. */
    public String token() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The scope of this name, if there is one. */
    public static Optional<Scope> of(String token) {
        return Stream.of(values()).filter(scope -> scope.token().equals(token)).findFirst();
    }
}
