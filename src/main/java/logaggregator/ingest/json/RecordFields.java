package logaggregator.ingest.json;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import logaggregator.Level;
import logaggregator.LogEntry;
import logaggregator.ingest.IngestLimits;
import logaggregator.ingest.RejectedRecordException;
import org.jspecify.annotations.Nullable;

/** The fields of one record as they were read, and the rules they must obey to become a {@link LogEntry}. */
final class RecordFields {

    @Nullable
    String level;

    @Nullable
    String message;

    @Nullable
    String service;

    @Nullable
    String app;

    @Nullable
    BigDecimal appId;

    @Nullable
    String timestampText;

    @Nullable
    BigDecimal timestampNumber;

    byte @Nullable [] metadata;

    @Nullable
    String idempotencyKey;

    /** Something in the record had to be replaced before or while it was read. */
    boolean sanitized;

    /** Fields at the top of a record that have no column, in the order sent; they are kept in the metadata. */
    final List<UnknownField> unknown = new ArrayList<>();

    private @Nullable RejectedRecordException problem;
    private int keys;
    private long zeros;

    /** @param json the value as sent */
    record UnknownField(String name, byte[] json) {}

    /** Notes what is wrong; the first problem is the one that is told. Reading goes on to the end of the record. */
    void reject(String reason, @Nullable String field, String error) {
        reject(new RejectedRecordException(reason, field, error));
    }

    void reject(RejectedRecordException rejection) {
        if (problem == null) {
            problem = rejection;
        }
    }

    static RejectedRecordException recordTooLong() {
        return new RejectedRecordException(
                "too_long", null, "the record is longer than " + IngestLimits.MAX_RECORD_BYTES + " bytes");
    }

    /** Notes a key of the metadata, at whatever depth. */
    void countKey(String name) {
        keys++;
        if (keys > IngestLimits.MAX_METADATA_KEYS) {
            reject(metadataTooLarge("has more than " + IngestLimits.MAX_METADATA_KEYS + " keys"));
        } else if (name.length() > IngestLimits.MAX_METADATA_KEY_LENGTH) {
            reject(metadataTooLarge("has a key of more than " + IngestLimits.MAX_METADATA_KEY_LENGTH + " characters"));
        }
    }

    /** Notes how much longer a number of the metadata is where it is written out, as PostgreSQL does. */
    void countZeros(int places) {
        zeros += places;
    }

    private static RejectedRecordException metadataTooLarge(String problem) {
        return new RejectedRecordException("metadata_too_large", "metadata_", "the metadata " + problem);
    }

    LogEntry toEntry(int index, Instant receivedAt, IngestLimits limits) throws RejectedRecordException {
        if (problem != null) {
            throw problem;
        }
        String checkedLevel = name("level", level == null ? null : Level.normalize(level), Level.MAX_LENGTH);
        String checkedMessage = text("message", message, limits.maxMessageLength());
        String checkedService = name("service", service, IngestLimits.MAX_NAME_LENGTH);
        if (app == null && appId == null) {
            throw new RejectedRecordException("missing_field", "app", "app or app_id is required");
        }
        return new LogEntry(
                index,
                app == null ? null : name("app", app, IngestLimits.MAX_NAME_LENGTH),
                appId == null ? null : checkedAppId(appId),
                checkedLevel,
                checkedService,
                checkedMessage,
                timestamp(receivedAt),
                composedMetadata(),
                idempotencyKey);
    }

    private byte @Nullable [] composedMetadata() throws RejectedRecordException {
        byte[] composed = Metadata.compose(metadata, unknown, sanitized);
        if (composed != null && composed.length + zeros > IngestLimits.MAX_METADATA_BYTES) {
            throw metadataTooLarge("is longer than " + IngestLimits.MAX_METADATA_BYTES
                    + " bytes, with its numbers written out in full");
        }
        return composed;
    }

    private String name(String field, @Nullable String value, int maxLength) throws RejectedRecordException {
        String name = text(field, value, maxLength);
        if (name.isBlank()) {
            throw new RejectedRecordException("blank", field, field + " must not be blank");
        }
        return name;
    }

    private String text(String field, @Nullable String value, int maxLength) throws RejectedRecordException {
        if (value == null) {
            throw new RejectedRecordException("missing_field", field, field + " is required");
        }
        if (value.length() > maxLength && value.codePointCount(0, value.length()) > maxLength) {
            throw new RejectedRecordException(
                    "too_long", field, field + " is longer than " + maxLength + " characters");
        }
        return value;
    }

    private static Integer checkedAppId(BigDecimal value) throws RejectedRecordException {
        if (value.scale() > 0 || value.signum() <= 0 || value.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0) {
            throw new RejectedRecordException("invalid_type", "app_id", "app_id must be a positive integer");
        }
        return value.intValue();
    }

    private Instant timestamp(Instant receivedAt) throws RejectedRecordException {
        if (timestampText != null) {
            return Timestamps.parse(timestampText, receivedAt);
        }
        return timestampNumber == null ? receivedAt : Timestamps.ofEpoch(timestampNumber, receivedAt);
    }
}
