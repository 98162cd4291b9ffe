package logaggregator.store.postgres;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import logaggregator.Checkup;
import logaggregator.ClockDifference;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The database that DATABASE_URL names. */
@Component
@Order(1)
class PostgresCheckup implements Checkup {

    private static final int OLDEST_VERSION = 140_000;
    private static final String VERSION = "PostgreSQL 14 or later is needed";

    private final DatabaseSettings settings;
    private final ObjectProvider<DatabaseLocation> location;

    /** @param location not asked for where an embedded server would be started by it */
    PostgresCheckup(DatabaseSettings settings, ObjectProvider<DatabaseLocation> location) {
        this.settings = settings;
        this.location = location;
    }

    @Override
    public String part() {
        return "database";
    }

    @Override
    public List<Finding> look() {
        if (settings.url().isBlank()) {
            return List.of(Finding.good("embedded: the service starts it by itself (DATABASE_URL is not set)"));
        }
        DatabaseLocation place = location.getObject();
        DataSource dataSource = place.patientDataSource();
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        List<Finding> findings = new ArrayList<>();
        try {
            findings.add(server(place, jdbc));
            findings.add(encoding(jdbc));
            findings.add(clock(jdbc));
            findings.add(writes(jdbc));
            Finding rights = rights(jdbc);
            findings.add(rights);
            if (rights.verdict() != Verdict.BAD) {
                findings.add(schema(dataSource));
            }
        } catch (DataAccessException | FlywayException e) {
            findings.add(Finding.bad(
                    place.display() + ": " + SqlFailure.describe(e),
                    "check DATABASE_URL, that the server runs, and that this machine may connect to it (pg_hba.conf)"));
        }
        return findings;
    }

    private static Finding server(DatabaseLocation place, JdbcTemplate jdbc) {
        int version = Integer.parseInt(show(jdbc, "server_version_num"));
        String text = place.display() + ", PostgreSQL " + show(jdbc, "server_version");
        return version < OLDEST_VERSION ? Finding.bad(text, VERSION) : Finding.good(text);
    }

    private static Finding encoding(JdbcTemplate jdbc) {
        String encoding = show(jdbc, "server_encoding");
        return encoding.equals("UTF8")
                ? Finding.good("its encoding is UTF8")
                : Finding.bad("its encoding is " + encoding, "make a database with ENCODING 'UTF8' TEMPLATE template0");
    }

    private static Finding clock(JdbcTemplate jdbc) {
        OffsetDateTime now =
                Objects.requireNonNull(jdbc.queryForObject("SELECT clock_timestamp()", OffsetDateTime.class));
        return ClockDifference.finding(Duration.between(Instant.now(), now.toInstant()));
    }

    private static Finding writes(JdbcTemplate jdbc) {
        return show(jdbc, "transaction_read_only").equals("off")
                ? Finding.good("it takes what is written")
                : Finding.bad(
                        "it takes nothing: it is a replica, or read-only",
                        "name all hosts in DATABASE_URL: the one that takes writes is used");
    }

    /** Tables of days are made all the time, as parts of one that must be its own. */
    private static Finding rights(JdbcTemplate jdbc) {
        if (!holds(jdbc, "has_schema_privilege(coalesce(current_schema(), 'public'), 'CREATE')")) {
            return Finding.bad(
                    "its user may not make tables",
                    "GRANT CREATE ON SCHEMA public to this user, or make it the owner of the database");
        }
        return holds(jdbc, "bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class WHERE oid = to_regclass('logs')")
                ? Finding.good("its user may make tables")
                : Finding.bad("its tables belong to another user", "name that one in DATABASE_URL");
    }

    /** Whether it isn't false. */
    private static boolean holds(JdbcTemplate jdbc, String condition) {
        return !Boolean.FALSE.equals(jdbc.queryForObject("SELECT " + condition, Boolean.class));
    }

    private static Finding schema(DataSource dataSource) {
        MigrationInfoService info = PostgresSchema.flyway(dataSource).info();
        @Nullable MigrationInfo current = info.current();
        String version = current == null ? "none" : "version " + current.getVersion();
        for (MigrationInfo applied : info.applied()) {
            if (applied.getState() == MigrationState.FUTURE_SUCCESS) {
                return Finding.bad(
                        "its tables (" + version + ") are of a later version of this program",
                        "start that version, or one that is later still");
            }
        }
        int pending = info.pending().length;
        return pending == 0
                ? Finding.good("its tables are those of this program (" + version + ")")
                : Finding.doubtful(
                        pending + " changes of its tables are due (now: " + version + ")",
                        "they are made at the next start; make a backup before it");
    }

    private static String show(JdbcTemplate jdbc, String setting) {
        return Objects.requireNonNull(jdbc.queryForObject("SELECT current_setting(?)", String.class, setting));
    }
}
