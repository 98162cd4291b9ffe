package logaggregator.store;

import org.jspecify.annotations.Nullable;

/** What a log must match to be listed; a criterion that is null matches all. */
public record LogFilter(
        @Nullable String app,
        @Nullable Integer appId,
        @Nullable String level,
        @Nullable String service) {}
