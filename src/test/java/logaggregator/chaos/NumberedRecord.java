package logaggregator.chaos;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one record that belongs to a number; its message is the number. */
enum NumberedRecord {

    /** Is stored. */
    GOOD("\"app\":\"chaos\",\"metadata_\":{\"user_id\":7}}", true),

    /** Has a name of its own, under which it is sent in several requests; two apps use the same names. */
    NAMED("\"app\":\"chaos-named-%a\",\"metadata_\":{\"idempotency_key\":\"chaos %k\"}}", true),

    /** Is a dead letter, and can be stored once somebody has made the app. */
    OF_LATE_APP("\"app_id\":%i}", true),

    /** Is accepted at the door, unless that knows better, and refused where it is to be stored. */
    OF_UNKNOWN_APP("\"app_id\":2000000000}", false),

    /** Only whoever bypasses the door gets it onto the queue. */
    BROKEN("", false);

    /** So many numbers that follow each other have the same late app. */
    static final int NUMBERS_OF_LATE_APP = 20_000;

    private static final int FIRST_LATE_APP = 1_500_000_000;
    private static final Pattern NUMBER = Pattern.compile("\"message\":\"(\\d+)\"");

    private final String rest;
    private final boolean storable;

    NumberedRecord(String rest, boolean storable) {
        this.rest = rest;
        this.storable = storable;
    }

    String json(int number) {
        return ("{\"level\":\"INFO\",\"message\":\"" + number + "\",\"service\":\"checkout\"," + rest)
                .replace("%a", Integer.toString(number % 2))
                .replace("%k", Integer.toString(number / 2))
                .replace("%i", Integer.toString(lateAppId(lateApp(number))));
    }

    /** Whether there may be a row of it. */
    boolean isStorable() {
        return storable;
    }

    /** Whether it is never refused where it is to be stored. */
    boolean isAlwaysStorable() {
        return this == GOOD || this == NAMED;
    }

    /** The application under which it is stored. */
    String app(int number) {
        return switch (this) {
            case GOOD -> "chaos";
            case NAMED -> "chaos-named-" + number % 2;
            default -> lateAppName(lateApp(number));
        };
    }

    /** Which late app a number has, counted from 0. */
    static int lateApp(int number) {
        return number / NUMBERS_OF_LATE_APP;
    }

    static int lateAppId(int app) {
        return FIRST_LATE_APP + app;
    }

    static String lateAppName(int app) {
        return "chaos-late-" + app;
    }

    /** Whether an application has the records that have names. */
    static boolean isOfNamed(String app) {
        return app.startsWith("chaos-named-");
    }

    /** The number in the JSON of a record; -1 when there is none. */
    static int numberIn(String json) {
        Matcher matcher = NUMBER.matcher(json);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : -1;
    }
}
