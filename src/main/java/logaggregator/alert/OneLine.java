package logaggregator.alert;

import java.util.regex.Pattern;

/** Texts of others in one line of ours, in which nothing moves the cursor or turns the direction of writing. */
final class OneLine {

    private static final Pattern BREAK = Pattern.compile("\\s*\\R\\s*");
    private static final Pattern CONTROL =
            Pattern.compile("[\\p{Cc}\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]");

    private OneLine() {}

    static String of(String text, String lineBreak) {
        return CONTROL.matcher(BREAK.matcher(text.strip()).replaceAll(lineBreak))
                .replaceAll("·");
    }
}
