package logaggregator.search;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * A log in the form in which {@link ExpressionMatcher} looks at it.
 *
 * @param id 0 while it isn't stored
 * @param appId 0 while it isn't known
 * @param metadata a missing node when there is none
 */
public record SearchedLog(
        long id,
        int appId,
        String app,
        String level,
        String service,
        String message,
        Instant timestamp,
        Instant receivedAt,
        JsonNode metadata) {}
