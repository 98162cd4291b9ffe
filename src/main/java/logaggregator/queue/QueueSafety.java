package logaggregator.queue;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * What must be true before the queue may take records.
 *
 * @param maxLag most records that may wait in the queue
 * @param requireDurable that the queue has each record on disk before it answers
 * @param replicas how many replicas must have an entry before it counts as accepted
 */
@Validated
@ConfigurationProperties("ingest")
public record QueueSafety(
        @Min(1_000) long maxLag,
        boolean requireDurable,
        @Min(0) @Max(10) int replicas) {}
