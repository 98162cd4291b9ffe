package logaggregator.chaos;

import java.util.Set;

/**
 * A way to break something and to mend it.
 *
 * @param parts what it breaks: no two faults break the same part at once
 * @param shortest how long it lasts at least, in milliseconds
 * @param longest how long it lasts at most
 */
record Fault(String name, Set<String> parts, int shortest, int longest, Step inject, Step heal) {

    /** What may fail while the parts it needs are broken, and is tried again. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    static final Step NOTHING = () -> {};

    Fault(String name, String part, int shortest, int longest, Step inject, Step heal) {
        this(name, Set.of(part), shortest, longest, inject, heal);
    }

    @Override
    public String toString() {
        return name + " (" + String.join(", ", parts.stream().sorted().toList()) + ")";
    }
}
