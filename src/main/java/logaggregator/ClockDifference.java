package logaggregator;

import java.time.Duration;
import logaggregator.Checkup.Finding;

/** Compares the clock of a server with that of this machine. */
public final class ClockDifference {

    /** What a question to a server may take, and what nobody notices. */
    private static final Duration HARMLESS = Duration.ofSeconds(2);

    private ClockDifference() {}

    /** @param ahead how far the other clock is ahead */
    public static Finding finding(Duration ahead) {
        if (ahead.abs().compareTo(HARMLESS) <= 0) {
            return Finding.good("its clock agrees with this machine's");
        }
        return Finding.doubtful(
                "its clock is " + ahead.abs().toSeconds() + " s " + (ahead.isNegative() ? "behind" : "ahead of")
                        + " this machine's",
                "set both by NTP: times of arrival, lag and the ages of partitions go by these clocks");
    }
}
