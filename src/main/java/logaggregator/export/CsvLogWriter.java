package logaggregator.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
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

    private final CSVPrinter printer;

    CsvLogWriter(OutputStream output) throws IOException {
        printer = new CSVPrinter(new BufferedWriter(new OutputStreamWriter(output, UTF_8)), FORMAT);
    }

    @Override
    public void write(StoredLog log) throws IOException {
        printer.printRecord(
                log.id(),
                log.timestamp(),
                text(log.level()),
                text(log.app()),
                text(log.service()),
                text(log.message()),
                text(log.metadata()),
                log.appId(),
                log.receivedAt());
    }

    @Override
    public void end() throws IOException {
        printer.flush();
    }

    private static @Nullable String text(@Nullable String value) {
        return value == null || value.isEmpty() || FORMULA.indexOf(value.charAt(0)) < 0 ? value : "'" + value;
    }
}
