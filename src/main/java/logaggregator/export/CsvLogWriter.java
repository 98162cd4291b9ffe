package logaggregator.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import logaggregator.store.StoredLog;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/** A table for spreadsheets (RFC 4180), in which no text of a log is taken for a formula. */
final class CsvLogWriter implements LogWriter {

    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setHeader("id", "timestamp", "level", "app", "service", "message", "metadata_", "app_id", "received_at")
            .get();

    /** @see <a href="https://owasp.org/www-community/attacks/CSV_Injection">CSV injection</a> */
    private static final String FORMULA = "=+-@\t\r\n";

    /** ISO-8601 with the offset; seconds are always there. */
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral('T')
            .appendPattern("HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendOffsetId()
            .toFormatter(Locale.ROOT);

    private final CSVPrinter printer;
    private final DateTimeFormatter time;

    /** @param zone of the times */
    CsvLogWriter(OutputStream output, ZoneId zone) throws IOException {
        time = TIME.withZone(zone);
        printer = new CSVPrinter(new BufferedWriter(new OutputStreamWriter(output, UTF_8)), FORMAT);
    }

    @Override
    public void write(StoredLog log) throws IOException {
        printer.printRecord(
                log.id(),
                time.format(log.timestamp()),
                text(log.level()),
                text(log.app()),
                text(log.service()),
                text(log.message()),
                text(log.metadata()),
                log.appId(),
                time.format(log.receivedAt()));
    }

    @Override
    public void end() throws IOException {
        printer.flush();
    }

    private static @Nullable String text(@Nullable String value) {
        return value == null || value.isEmpty() || FORMULA.indexOf(value.charAt(0)) < 0 ? value : "'" + value;
    }
}
