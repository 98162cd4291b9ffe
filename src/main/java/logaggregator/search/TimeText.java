package logaggregator.search;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Points in time as people write them. */
public final class TimeText {

    public static final String EXPECTED =
            "an ISO-8601 time, e.g. 2026-01-31T12:00:00Z, or one that is relative to now, e.g. -15m (s, m, h, d, w)";

    private static final Pattern RELATIVE = Pattern.compile("(?:now)?(?:([+-])(\\d{1,6})([smhdw]))?");

    private static final DateTimeFormatter FORM = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendLiteral('T')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendPattern("[XXX][XX][X]")
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private TimeText() {}

    /**
     * Reads a time; one without a zone is in UTC, a date is its first moment.
     *
     * @throws DateTimeParseException when it is none, or before the year 1 or after 9999
     */
    public static Instant parse(String text, Instant now) {
        try {
            // a + in an address that was not encoded arrives as a space
            Matcher relative = RELATIVE.matcher(text.replace(' ', '+'));
            Instant time = !text.isEmpty() && relative.matches()
                    ? relative(relative, now)
                    : absolute(text.strip().replace(' ', '+'));
            if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
                throw new DateTimeParseException("out of range", text, 0);
            }
            return time.truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeParseException e) {
            throw e;
        } catch (DateTimeException e) {
            throw new DateTimeParseException("no time", text, 0, e);
        }
    }

    /** Whether it is another time later. */
    public static boolean isRelative(String text) {
        return !text.isEmpty() && RELATIVE.matcher(text.replace(' ', '+')).matches();
    }

    private static Instant relative(Matcher relative, Instant now) {
        if (relative.group(1) == null) {
            return now;
        }
        Duration distance = unit(relative.group(3)).multipliedBy(Long.parseLong(relative.group(2)));
        return relative.group(1).equals("-") ? now.minus(distance) : now.plus(distance);
    }

    /** The length of time that one of the letters s, m, h, d and w stands for. */
    public static Duration unit(String letter) {
        return switch (letter) {
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            case "d" -> Duration.ofDays(1);
            default -> Duration.ofDays(7);
        };
    }

    private static Instant absolute(String text) {
        TemporalAccessor parsed = FORM.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
        if (parsed instanceof OffsetDateTime time) {
            return time.toInstant();
        }
        LocalDateTime utc = parsed instanceof LocalDate date ? date.atStartOfDay() : LocalDateTime.from(parsed);
        return utc.toInstant(ZoneOffset.UTC);
    }
}
