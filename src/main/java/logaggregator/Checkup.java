package logaggregator;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at a part of the installation, for the command {@code doctor}; changes nothing. */
public interface Checkup {

    /** How it is. */
    enum Verdict {
        GOOD,
        /** It works, but not as well as it could. */
        DOUBTFUL,
        BAD
    }

    /**
     * One thing that was looked at.
     *
     * @param remedy what to do about it; null when there is nothing to do
     */
    record Finding(Verdict verdict, String text, @Nullable String remedy) {

        public static Finding good(String text) {
            return new Finding(Verdict.GOOD, text, null);
        }

        public static Finding doubtful(String text, String remedy) {
            return new Finding(Verdict.DOUBTFUL, text, remedy);
        }

        public static Finding bad(String text, String remedy) {
            return new Finding(Verdict.BAD, text, remedy);
        }
    }

    /** What is looked at, in one word. */
    String part();

    List<Finding> look();
}
