package logaggregator.deadletter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a dead letter must match; a criterion that is null matches all.
 *
 * @param start earliest {@code failedAt}
 * @param end {@code failedAt} lies before
 */
public record DeadLetterFilter(
        @Nullable String reason,
        @Nullable String app,
        @Nullable Instant start,
        @Nullable Instant end) {

    public boolean matches(DeadLetter letter) {
        return (reason == null || reason.equals(letter.reason()))
                && (app == null || app.equals(letter.app()))
                && (start == null || !letter.failedAt().isBefore(start))
                && (end == null || letter.failedAt().isBefore(end));
    }
}
