package logaggregator.ingest.json;

import com.ethlo.time.ITU;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import logaggregator.ingest.RejectedRecordException;

/** The forms of time a producer may send: ISO-8601 text or a count since 1970 whose unit shows in its size. */
final class Timestamps {

    /** How far a producer's clock may run ahead. */
    private static final Duration MAX_AHEAD = Duration.ofHours(25);

    /** Below the first: seconds; below the second: milliseconds; below the third: microseconds; else nanoseconds. */
    private static final BigDecimal[] UNIT_LIMITS = {
        BigDecimal.valueOf(100_000_000_000L),
        BigDecimal.valueOf(100_000_000_000_000L),
        BigDecimal.valueOf(100_000_000_000_000_000L)
    };

    private static final BigDecimal MAX_NUMBER = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000L);

    /** Where the seconds of an ISO time begin. */
    private static final int SECONDS = 16;

    private static final String LEAP_SECOND = ":60";

    /** All forms: the offset with or without colon or missing, the time missing, a space for the T. */
    private static final DateTimeFormatter ANY_FORM = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendPattern("[ ]['T']HH:mm[:ss]")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendPattern("[XXX][XX][X]")
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT);

    private Timestamps() {}

    /**
     * Reads ISO-8601 text.
     *
     * @return in UTC where {@code text} names no zone; truncated to microseconds
     */
    static Instant parse(String text, Instant receivedAt) throws RejectedRecordException {
        if (text.startsWith(LEAP_SECOND, SECONDS)) {
            String secondBefore = text.substring(0, SECONDS) + ":59" + text.substring(SECONDS + LEAP_SECOND.length());
            return checked(read(secondBefore).plusSeconds(1), receivedAt);
        }
        return checked(read(text), receivedAt);
    }

    private static Instant read(String text) throws RejectedRecordException {
        if (text.endsWith("Z")) {
            try {
                // by far the most common form, and several times faster than the parser of java.time
                return ITU.parseDateTime(text).toInstant();
            } catch (DateTimeException e) {
                // what this parser doesn't know the other may
            }
        }
        try {
            return toInstant(ANY_FORM.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from));
        } catch (DateTimeException e) {
            throw new RejectedRecordException(
                    "invalid_timestamp",
                    "timestamp",
                    "timestamp must be ISO-8601, e.g. 2025-01-31T12:00:00Z, or a number of seconds, milliseconds,"
                            + " microseconds or nanoseconds since 1970");
        }
    }

    private static Instant toInstant(TemporalAccessor parsed) {
        if (parsed instanceof OffsetDateTime dateTime) {
            return dateTime.toInstant();
        }
        LocalDateTime utc = parsed instanceof LocalDate date ? date.atStartOfDay() : LocalDateTime.from(parsed);
        return utc.toInstant(ZoneOffset.UTC);
    }

    /** A number is seconds below 1e11, milliseconds below 1e14, microseconds below 1e17, else nanoseconds. */
    static Instant ofEpoch(BigDecimal number, Instant receivedAt) throws RejectedRecordException {
        if (number.signum() < 0 || number.compareTo(MAX_NUMBER) > 0) {
            throw outOfRange();
        }
        BigDecimal nanos = number;
        for (BigDecimal limit : UNIT_LIMITS) {
            if (number.compareTo(limit) < 0) {
                nanos = nanos.movePointRight(3);
            }
        }
        BigDecimal[] seconds = nanos.divideAndRemainder(NANOS_PER_SECOND);
        return checked(Instant.ofEpochSecond(seconds[0].longValue(), seconds[1].longValue()), receivedAt);
    }

    private static Instant checked(Instant instant, Instant receivedAt) throws RejectedRecordException {
        if (instant.isBefore(Instant.EPOCH) || instant.isAfter(receivedAt.plus(MAX_AHEAD))) {
            throw outOfRange();
        }
        return instant.truncatedTo(ChronoUnit.MICROS);
    }

    private static RejectedRecordException outOfRange() {
        return new RejectedRecordException(
                "timestamp_out_of_range", "timestamp", "timestamp must lie between 1970 and 25 hours from now");
    }
}
