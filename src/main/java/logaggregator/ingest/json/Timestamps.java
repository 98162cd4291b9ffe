package logaggregator.ingest.json;

import com.ethlo.time.DateTime;
import com.ethlo.time.Field;
import com.ethlo.time.ITU;
import com.ethlo.time.LeapSecondException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import logaggregator.ingest.RejectedRecordException;

/** The forms of time a producer may send: ISO-8601 text or a count since 1970 whose unit shows in its size. */
final class Timestamps {

    /** How far a producer's clock may run ahead. */
    private static final Duration MAX_AHEAD = Duration.ofHours(25);

    /** Below the first: seconds; below the second: milliseconds; below the third: microseconds; else nanoseconds. */
    private static final long[] UNIT_LIMITS = {100_000_000_000L, 100_000_000_000_000L, 100_000_000_000_000_000L};

    private static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000L);

    /** What the fast parser refuses and people send all the same: an offset without colon. */
    private static final DateTimeFormatter OFFSET_WITHOUT_COLON = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .appendOffset("+HHmm", "Z")
            .toFormatter();

    private Timestamps() {}

    /**
     * Reads ISO-8601 text.
     *
     * @return in UTC where {@code text} names no zone; truncated to microseconds
     */
    static Instant parse(String text, Instant receivedAt) throws RejectedRecordException {
        Instant instant;
        try {
            DateTime parsed = ITU.parseLenient(text);
            if (!parsed.includesGranularity(Field.DAY)) {
                throw invalid();
            }
            instant = parsed.getOffset().isPresent()
                    ? parsed.toInstant()
                    : parsed.toLocalDatetime().toInstant(ZoneOffset.UTC);
        } catch (LeapSecondException leapSecond) {
            instant = leapSecond.getNearestDateTime().toInstant();
        } catch (DateTimeException e) {
            instant = parseOffsetWithoutColon(text);
        }
        return checked(instant, receivedAt);
    }

    /** A number is seconds below 1e11, milliseconds below 1e14, microseconds below 1e17, else nanoseconds. */
    static Instant ofEpoch(BigDecimal number, Instant receivedAt) throws RejectedRecordException {
        if (number.precision() - number.scale() > 19) {
            throw outOfRange();
        }
        BigDecimal nanos = number;
        for (long limit : UNIT_LIMITS) {
            if (number.longValue() < limit) {
                nanos = nanos.movePointRight(3);
            }
        }
        BigDecimal[] seconds = nanos.divideAndRemainder(NANOS_PER_SECOND);
        return checked(Instant.ofEpochSecond(seconds[0].longValue(), seconds[1].longValue()), receivedAt);
    }

    private static Instant parseOffsetWithoutColon(String text) throws RejectedRecordException {
        try {
            return OffsetDateTime.parse(text, OFFSET_WITHOUT_COLON).toInstant();
        } catch (DateTimeException e) {
            throw invalid();
        }
    }

    private static Instant checked(Instant instant, Instant receivedAt) throws RejectedRecordException {
        if (instant.isBefore(Instant.EPOCH) || instant.isAfter(receivedAt.plus(MAX_AHEAD))) {
            throw outOfRange();
        }
        return instant.truncatedTo(ChronoUnit.MICROS);
    }

    private static RejectedRecordException invalid() {
        return new RejectedRecordException(
                "invalid_timestamp",
                "timestamp",
                "timestamp must be ISO-8601, e.g. 2025-01-31T12:00:00Z, or a number of seconds, milliseconds,"
                        + " microseconds or nanoseconds since 1970");
    }

    private static RejectedRecordException outOfRange() {
        return new RejectedRecordException(
                "timestamp_out_of_range", "timestamp", "timestamp must lie between 1970 and 25 hours from now");
    }
}
