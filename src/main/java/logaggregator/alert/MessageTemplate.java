package logaggregator.alert;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text with placeholders, e.g. {@code {count}}. */
public record MessageTemplate(String text) {

    /** What placeholders may stand for; the last two need a look at the logs. */
    static final List<String> NAMES =
            List.of("rule", "group", "count", "severity", "threshold", "interval_sec", "first", "last");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z_]+)}");

    /** Placeholders that stand for nothing. */
    List<String> unknown() {
        TreeSet<String> unknown = new TreeSet<>();
        names(text).forEach(unknown::add);
        NAMES.forEach(unknown::remove);
        return List.copyOf(unknown);
    }

    private static List<String> names(String text) {
        return PLACEHOLDER.matcher(text).results().map(found -> found.group(1)).toList();
    }

    boolean showsLogs() {
        return names(text).stream().anyMatch(name -> name.equals("first") || name.equals("last"));
    }

    String fill(Map<String, String> values) {
        return PLACEHOLDER
                .matcher(text)
                .replaceAll((MatchResult found) ->
                        Matcher.quoteReplacement(values.getOrDefault(found.group(1), found.group())));
    }
}
