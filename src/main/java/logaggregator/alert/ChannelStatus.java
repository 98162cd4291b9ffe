package logaggregator.alert;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One notification channel.
 *
 * @param source where its route comes from, e.g. the file name in the operator's folder or {@code built-in}
 * @param started whether alerts go there now
 * @param loadedAt when the version in use was loaded; null for one that was never loaded
 * @param error what is wrong with the file as it is now (the last good version stays in use); null when nothing is
 * @param delivered notices delivered by this process since its start
 * @param failed notices given up by this process since its start
 */
public record ChannelStatus(
        String name,
        String source,
        boolean started,
        @Nullable Instant loadedAt,
        @Nullable String error,
        long delivered,
        long failed) {}
