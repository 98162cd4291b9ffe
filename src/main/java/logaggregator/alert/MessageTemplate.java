package logaggregator.alert;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Text with placeholders, e.g. {@code {count}}. */
public record MessageTemplate(String text) {

    /** What placeholders may stand for; the last two need a look at the logs. */
    static final List<String> NAMES =
            List.of("rule", "group", "count", "severity", "threshold", "interval_sec", "first", "last");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z_]+)}");

    /** The name in a text that is a placeholder and nothing else; null in all others. */
    static @Nullable String onlyName(String text) {
        Matcher matcher = PLACEHOLDER.matcher(text);
        return matcher.matches() ? matcher.group(1) : null;
    }

    /** Replaces placeholders; what has no value stays. Values are taken as they are, placeholders in them too. */
    static String fill(String text, Function<String, @Nullable String> values) {
        return PLACEHOLDER.matcher(text).replaceAll(found -> {
            String value = values.apply(found.group(1));
            return Matcher.quoteReplacement(value == null ? found.group() : value);
        });
    }

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
        return fill(text, values::get);
    }
}
