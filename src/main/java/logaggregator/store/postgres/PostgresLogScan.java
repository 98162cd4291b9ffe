package logaggregator.store.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import logaggregator.store.LogScan;
import logaggregator.store.StoredLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open cursor. It fetches so many logs at a time as have about the same size together, be they small or large. */
final class PostgresLogScan implements LogScan {

    private static final Logger log = LoggerFactory.getLogger(PostgresLogScan.class);

    /** One log may have 300 KB. */
    static final int FIRST_FETCH = 10;

    private static final int MAX_FETCH = 100;
    private static final int FETCHED_CHARACTERS = 1 << 20;

    private final Connection connection;
    private final ResultSet rows;
    private final ReaderPlaces places;
    private int left = FIRST_FETCH;
    private long characters;

    PostgresLogScan(Connection connection, ResultSet rows, ReaderPlaces places) {
        this.connection = connection;
        this.rows = rows;
        this.places = places;
    }

    @Override
    public @Nullable StoredLog next() {
        try {
            if (!rows.next()) {
                return null;
            }
            StoredLog log = PostgresLogReader.toLog(rows);
            characters += log.message().length()
                    + (log.metadata() == null ? 0 : log.metadata().length());
            left--;
            if (left == 0) {
                prepareFetch();
            }
            return log;
        } catch (SQLException e) {
            throw PostgresLogScanner.failure(e);
        }
    }

    /** Of logs like those of the last fetch, but not many more: the next ones may be larger. */
    private void prepareFetch() throws SQLException {
        int last = rows.getFetchSize();
        long fitting = FETCHED_CHARACTERS * (long) last / Math.max(1, characters);
        left = (int) Math.max(1, Math.min(fitting, Math.min(2 * last, MAX_FETCH)));
        characters = 0;
        rows.setFetchSize(left);
    }

    @Override
    public void close() {
        release(connection, places);
    }

    /** The end of the transaction ends the cursor. A connection that broke is closed all the same. */
    static void release(Connection connection, ReaderPlaces places) {
        try (connection) {
            connection.rollback();
        } catch (SQLException e) {
            log.debug("A connection that was read from could not be given back", e);
        } finally {
            places.giveBack();
        }
    }
}
