package logaggregator;

import java.util.Locale;

/** The names of severity levels. The set is open: a producer's own level is kept, upper-cased. */
public final class Level {

    /** Longest level that is accepted, in code points. */
    public static final int MAX_LENGTH = 20;

    private Level() {}

    /** {@code " warn"} → {@code "WARNING"}, {@code "notice"} → {@code "NOTICE"}. */
    public static String normalize(String level) {
        String name = level.strip().toUpperCase(Locale.ROOT);
        return name.equals("WARN") ? "WARNING" : name;
    }
}
