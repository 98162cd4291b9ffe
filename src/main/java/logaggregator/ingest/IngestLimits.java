package logaggregator.ingest;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * What one request may carry.
 *
 * @param maxMessageLength of one record, in code points
 * @param maxBodyBytes of one request, after decompression
 * @param maxRecords of one request
 * @param recordsPerEntry how many records go into one queue entry
 */
@Validated
@ConfigurationProperties("ingest")
public record IngestLimits(
        @Min(1) @Max(1 << 20) int maxMessageLength,
        @Min(1 << 10) @Max(1 << 30) int maxBodyBytes,
        @Min(1) @Max(1_000_000) int maxRecords,
        @Min(1) @Max(MAX_RECORDS_PER_ENTRY) int recordsPerEntry) {

    /** Largest record, and largest queue entry, in bytes. */
    public static final int MAX_RECORD_BYTES = 1 << 20;

    public static final int MAX_RECORDS_PER_ENTRY = 500;

    /** Largest metadata of a record, with the unknown fields that are kept in it. */
    public static final int MAX_METADATA_BYTES = 64 << 10;

    public static final int MAX_METADATA_KEYS = 1_000;
    public static final int MAX_METADATA_KEY_LENGTH = 1_024;

    /** Longest name of an application or a service, in code points. */
    public static final int MAX_NAME_LENGTH = 100;
}
