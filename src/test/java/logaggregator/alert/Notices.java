package logaggregator.alert;

import java.time.Instant;

/** Alerts for tests. */
public final class Notices {

    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
    private static final Instant END = START.plusSeconds(90);
    private static final Instant EXPIRY = Instant.parse("2036-01-31T12:00:00Z");

    private Notices() {}

    public static AlertNotice firing(String rule, String message) {
        return new AlertNotice(rule, "critical", 12, "db", START, null, EXPIRY, message, "http://logs.example/?q=x");
    }

    public static AlertNotice resolved(String rule, String message) {
        return new AlertNotice(rule, "critical", 0, "db", START, END, END, message, "");
    }
}
