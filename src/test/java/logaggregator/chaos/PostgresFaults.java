package logaggregator.chaos;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import logaggregator.support.Database;
import logaggregator.support.PostgresProcess;

/** What befalls PostgreSQL itself. */
final class PostgresFaults {

    private static final String PART = "postgres";

    private static final String END_CONNECTIONS =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + Cluster.ROLE + "'";

    private final Database database;
    private Connection locker;
    private volatile boolean ending;
    private Thread ender;

    private PostgresFaults(Database database) {
        this.database = database;
    }

    static List<Fault> of(Cluster cluster) {
        PostgresProcess postgres = cluster.postgres();
        PostgresFaults own = new PostgresFaults(cluster.database());
        Database database = cluster.database();
        List<Fault> faults = new ArrayList<>(List.of(
                new Fault("PostgreSQL killed", PART, 100, 3_000, postgres::kill, postgres::start),
                new Fault("PostgreSQL crashed", PART, 100, 3_000, () -> postgres.stop("immediate"), postgres::start),
                new Fault("PostgreSQL restarted", PART, 0, 1_000, () -> postgres.stop("fast"), postgres::start),
                new Fault(
                        "PostgreSQL frozen",
                        PART,
                        300,
                        5_000,
                        () -> postgres.signal("STOP"),
                        () -> postgres.signal("CONT")),
                new Fault("connections ended", PART, 500, 5_000, own::startEnding, own::stopEnding),
                new Fault("table locked", PART, 1_000, 8_000, own::lock, own::unlock),
                new Fault(
                        "no connection free",
                        PART,
                        500,
                        6_000,
                        () -> {
                            database.execute("ALTER ROLE " + Cluster.ROLE + " CONNECTION LIMIT 1");
                            database.execute(END_CONNECTIONS);
                        },
                        () -> database.execute("ALTER ROLE " + Cluster.ROLE + " CONNECTION LIMIT -1")),
                new Fault(
                        "database read-only",
                        PART,
                        500,
                        6_000,
                        () -> own.setForAll("default_transaction_read_only = on"),
                        () -> own.setForAll("default_transaction_read_only = off")),
                new Fault(
                        "disk full, says PostgreSQL",
                        PART,
                        500,
                        6_000,
                        () -> own.failWith("BEFORE INSERT ON logs FOR EACH STATEMENT"),
                        own::stopFailing),
                new Fault(
                        "COMMIT fails",
                        PART,
                        500,
                        6_000,
                        () -> own.failWith("AFTER INSERT ON count_deltas DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"),
                        own::stopFailing)));
        cluster.disk()
                .ifPresent(disk -> faults.add(new Fault("disk full", PART, 1_000, 6_000, disk::fill, disk::free)));
        return faults;
    }

    private void startEnding() {
        ending = true;
        ender = new Thread(() -> {
            while (ending) {
                database.execute(END_CONNECTIONS);
            }
        });
        ender.start();
    }

    private void stopEnding() throws InterruptedException {
        ending = false;
        ender.join();
    }

    private void lock() throws Exception {
        locker = DriverManager.getConnection(database.jdbcUrl());
        locker.setAutoCommit(false);
        try (Statement statement = locker.createStatement()) {
            statement.execute("LOCK TABLE logs IN ACCESS EXCLUSIVE MODE");
        }
    }

    private void unlock() throws Exception {
        locker.close();
    }

    private void setForAll(String setting) {
        database.execute("ALTER SYSTEM SET " + setting);
        database.execute("SELECT pg_reload_conf()");
    }

    private void failWith(String when) {
        database.execute(
                "CREATE OR REPLACE FUNCTION chaos_fail() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$");
        database.execute("CREATE " + (when.contains("DEFERRABLE") ? "CONSTRAINT " : "") + "TRIGGER chaos_fail " + when
                + " EXECUTE FUNCTION chaos_fail()");
    }

    private void stopFailing() {
        database.execute("DROP FUNCTION IF EXISTS chaos_fail() CASCADE");
    }
}
