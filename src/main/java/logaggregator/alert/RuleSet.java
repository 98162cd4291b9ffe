package logaggregator.alert;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules in use.
 *
 * @param source where they come from: the path of a file, or {@code built-in}
 * @param error what is wrong with the file as it is now; null when nothing is
 */
public record RuleSet(
        List<AlertRule> rules,
        String source,
        Instant loadedAt,
        @Nullable String error) {}
