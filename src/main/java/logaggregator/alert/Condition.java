package logaggregator.alert;

/** When a rule's alert is on. */
public sealed interface Condition {

    /** As many logs, or more. */
    record AtLeast(long n) implements Condition {
        @Override
        public String toString() {
            return ">= " + n;
        }
    }

    /** Not as many logs. */
    record FewerThan(long n) implements Condition {
        @Override
        public String toString() {
            return "< " + n;
        }
    }

    /** No log for so many seconds, where there was one before. */
    record AbsentFor(int seconds) implements Condition {
        @Override
        public String toString() {
            return "absent for " + seconds + "s";
        }
    }
}
