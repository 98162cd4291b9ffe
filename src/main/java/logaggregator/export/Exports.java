package logaggregator.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.time.ZoneId;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import logaggregator.BusyException;
import logaggregator.QueryTimedOutException;
import logaggregator.UnavailableException;
import logaggregator.store.LogFilter;
import logaggregator.store.LogScan;
import logaggregator.store.LogScanner;
import logaggregator.store.StoredLog;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Opens exports: a few at once, since each holds a connection to the database. When the service ends, those that run have
 * some seconds left. Thread-safe.
 */
@Component
public class Exports implements SmartLifecycle {

    private static final int PART_OF_POOL = 4;
    private static final int PATIENCE_SECONDS = 5;

    private final LogScanner logs;
    private final ObjectMapper json;
    private final int atOnce;
    private final Semaphore free;
    private volatile boolean running;

    Exports(LogScanner logs, ObjectMapper json, @Value("${database.pool-size}") int connections) {
        this.logs = logs;
        this.json = json;
        this.atOnce = Math.max(1, connections / PART_OF_POOL);
        this.free = new Semaphore(atOnce);
    }

    /**
     * Begins an export; its first logs are known then.
     *
     * @param zone of the times in a table for people; others have them in UTC
     * @param stillAllowed whether the client may be given more
     * @throws BusyException when as many run as may
     * @throws UnavailableException when the database can't be read
     * @throws QueryTimedOutException when finding the first would take too long
     */
    public Export open(
            LogFilter filter, boolean newestFirst, ExportFormat format, ZoneId zone, BooleanSupplier stillAllowed) {
        if (!free.tryAcquire()) {
            throw new BusyException(
                    "too_many_exports", atOnce + " exports (a quarter of DATABASE_POOL_SIZE) run already");
        }
        try {
            return new OpenExport(logs.scan(filter, newestFirst), format, zone, stillAllowed);
        } catch (RuntimeException e) {
            free.release();
            throw e;
        }
    }

    private final class OpenExport implements Export {

        private final LogScan scan;
        private final ExportFormat format;
        private final ZoneId zone;
        private final BooleanSupplier stillAllowed;

        OpenExport(LogScan scan, ExportFormat format, ZoneId zone, BooleanSupplier stillAllowed) {
            this.scan = scan;
            this.format = format;
            this.zone = zone;
            this.stillAllowed = stillAllowed;
        }

        @Override
        public void writeTo(OutputStream output) throws IOException {
            LogWriter writer = writer(output);
            for (StoredLog log = scan.next(); log != null; log = scan.next()) {
                if (!running) {
                    throw new UnavailableException("the service ends", null);
                }
                if (!stillAllowed.getAsBoolean()) {
                    throw new UnavailableException("its key can't be used any more, or its session has ended", null);
                }
                writer.write(log);
            }
            writer.end();
        }

        private LogWriter writer(OutputStream output) throws IOException {
            return switch (format) {
                case NDJSON -> new NdjsonLogWriter(output, json);
                case CSV -> new CsvLogWriter(output, zone);
                case PARQUET -> new ParquetLogWriter(output);
            };
        }

        @Override
        public void close() {
            try {
                scan.close();
            } finally {
                free.release();
            }
        }
    }

    @Override
    public void start() {
        running = true;
    }

    /** Before the web server waits for its requests. */
    @Override
    public void stop() {
        try {
            if (free.tryAcquire(atOnce, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                free.release(atOnce);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
