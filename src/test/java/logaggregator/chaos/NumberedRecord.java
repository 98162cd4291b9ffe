package logaggregator.chaos;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one record that belongs to a number; its message is the number. */
enum NumberedRecord {

    /** Is stored. */
    GOOD(
            "{\"level\":\"INFO\",\"message\":\"%d\",\"service\":\"checkout\",\"app\":\"chaos\",\"metadata_\":{\"user_id\":7}}"),

    /** Is accepted at the door and refused where it is to be stored. */
    OF_UNKNOWN_APP("{\"level\":\"INFO\",\"message\":\"%d\",\"service\":\"checkout\",\"app_id\":2000000000}"),

    /** Only whoever bypasses the door gets it onto the queue. */
    BROKEN("{\"level\":\"INFO\",\"message\":\"%d\",\"service\":");

    private static final Pattern NUMBER = Pattern.compile("\"message\":\"(\\d+)\"");

    private final String format;

    NumberedRecord(String format) {
        this.format = format;
    }

    String json(int number) {
        return format.replace("%d", Integer.toString(number));
    }

    /** The number in the JSON of a record; -1 when there is none. */
    static int numberIn(String json) {
        Matcher matcher = NUMBER.matcher(json);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : -1;
    }
}
