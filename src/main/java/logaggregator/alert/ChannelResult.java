package logaggregator.alert;

import org.jspecify.annotations.Nullable;

/**
 * What became of one notice at one channel.
 *
 * @param attempts how often it was tried
 * @param tookMillis until it was delivered or given up
 * @param error why it was given up, without secrets; null when delivered
 */
public record ChannelResult(
        String channel,
        boolean delivered,
        int attempts,
        long tookMillis,
        @Nullable String error) {}
