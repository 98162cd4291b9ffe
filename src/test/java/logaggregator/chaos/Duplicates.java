package logaggregator.chaos;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import logaggregator.support.Database;

/**
 * How many duplicates the service says it has removed, by the fault that was there when it did and by kind: copies of
 * requests, or of records that have a name. Asks past the service, twice a second.
 */
final class Duplicates {

    private static final int GAP_MS = 500;

    private final Database database;
    private final Injector injector;
    private final long[] byFault;
    private long ofRequests;
    private long ofNamed;

    Duplicates(Database database, Injector injector) {
        this.database = database;
        this.injector = injector;
        this.byFault = new long[injector.numbers()];
    }

    void watch(java.util.function.BooleanSupplier stopping) {
        while (!stopping.getAsBoolean()) {
            Pause.millis(GAP_MS);
            look();
        }
    }

    /** What has come since the last look was removed under the fault of now, if the database can be asked. */
    synchronized void look() {
        int fault = injector.current();
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT app, sum(duplicate) FROM (SELECT app, duplicate FROM ledger"
                                + " UNION ALL SELECT app, duplicate FROM ledger_deltas) AS l GROUP BY app")) {
            long requests = 0;
            long named = 0;
            while (rows.next()) {
                if (NumberedRecord.isOfNamed(rows.getString(1))) {
                    named += rows.getLong(2);
                } else {
                    requests += rows.getLong(2);
                }
            }
            byFault[fault] += requests + named - ofRequests - ofNamed;
            ofRequests = requests;
            ofNamed = named;
        } catch (SQLException e) {
            // next time
        }
    }

    synchronized long under(int fault) {
        return byFault[fault];
    }

    synchronized long ofRequests() {
        return ofRequests;
    }

    synchronized long ofNamed() {
        return ofNamed;
    }
}
