package logaggregator.queue;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Names and sizes of the queue.
 *
 * @param stream key of the queue
 * @param group name of the consumer group that stores
 * @param dlq key of the dead-letter queue
 * @param consumer name of this process in the group; the same after a restart, different in each process; blank for one
 *     made of host and port
 * @param concurrentConsumers how many batches one process stores at the same time
 * @param batchSize records that one transaction stores when they come in slowly; up to ten times as many under load
 * @param blockMs how long one read waits for new entries
 * @param claimIdleMs how long an entry may be with a consumer that doesn't report, before another takes it over
 * @param maxDeliveries how often an entry is delivered before it is given up as one that kills the process
 */
@Validated
@ConfigurationProperties("ingest")
public record QueueSettings(
        @NotBlank String stream,
        @NotBlank String group,
        @NotBlank String dlq,
        String consumer,
        @Min(1) @Max(16) int concurrentConsumers,
        @Min(1) @Max(10_000) int batchSize,
        @Min(1) @Max(60_000) int blockMs,
        @Min(1_000) @Max(86_400_000) int claimIdleMs,
        @Min(3) @Max(1_000) int maxDeliveries) {}
