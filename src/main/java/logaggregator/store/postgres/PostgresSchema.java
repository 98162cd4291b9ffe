package logaggregator.store.postgres;

import javax.sql.DataSource;
import logaggregator.UnavailableException;
import logaggregator.settings.InvalidSettingException;
import logaggregator.store.SchemaException;
import logaggregator.store.StoreSchema;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.internal.exception.FlywaySqlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** The tables, kept at the version of this program by Flyway; several processes may start at the same time. */
@Component("storeSchema")
class PostgresSchema implements StoreSchema, InitializingBean {

    private static final Logger log = LoggerFactory.getLogger(PostgresSchema.class);

    private static final String RAISED_BY_A_MIGRATION = "P0001";

    private final Flyway flyway;
    private final JdbcTemplate jdbc;
    private final DayPartitions days;
    private boolean migrated;

    PostgresSchema(DatabaseLocation location) {
        DataSource dataSource = location.patientDataSource();
        jdbc = new JdbcTemplate(dataSource);
        days = new DayPartitions(jdbc, new JdbcTransactionManager(dataSource));
        flyway = flyway(dataSource);
    }

    /** What knows the tables of this program. */
    static Flyway flyway(DataSource dataSource) {
        return Flyway.configure()
                .dataSource(dataSource)
                .locations("classpath:db/migration")
                // a database that holds other tables is fine
                .baselineOnMigrate(true)
                .baselineVersion("0")
                // seconds; whoever waits longer for another process starts, and tries again later
                .lockRetryCount(5)
                .load();
    }

    /**
     * Tries once before anything else runs; when that isn't possible now the maintenance route goes on trying. A database
     * that needs somebody's hand ends the start.
     */
    @Override
    public void afterPropertiesSet() {
        try {
            upgrade();
        } catch (UnavailableException e) {
            log.warn("The database can't be used yet, logs wait in the queue: {}", e.getMessage());
        }
    }

    @Override
    public void migrate() {
        try {
            upgrade();
        } catch (InvalidSettingException e) {
            throw new SchemaException(String.valueOf(e.getMessage()), e);
        }
    }

    private synchronized void upgrade() {
        if (migrated) {
            return;
        }
        requireUtf8();
        try {
            flyway.migrate();
            migrated = true;
            prepareDays();
        } catch (FlywaySqlException e) {
            throw SqlFailure.unavailable(e);
        } catch (FlywayException e) {
            if (SqlFailure.isConnectionLost(e)) {
                throw SqlFailure.unavailable(e);
            }
            if (needsAHand(e)) {
                throw new InvalidSettingException(
                        "DATABASE_URL", "names a database that this version can't use: " + sentence(e), e);
            }
            throw new SchemaException("PostgreSQL: " + SqlFailure.describe(e), e);
        }
    }

    /** Before anything is stored: what comes earlier has to move, while all others wait. Maintenance tries again. */
    private void prepareDays() {
        try {
            days.prepare();
        } catch (DataAccessException | TransactionException e) {
            log.warn("The partitions of these days can't be made yet: {}", SqlFailure.describe(e));
        }
    }

    /** A migration itself says that it won't do, or the database belongs to another version of the program. */
    private static boolean needsAHand(FlywayException failure) {
        return failure instanceof FlywayValidateException
                || SqlFailure.state(failure).equals(RAISED_BY_A_MIGRATION);
    }

    /** Flyway's own text has many lines, of which the second tells the first difference. */
    private static String sentence(FlywayException failure) {
        return failure instanceof FlywayValidateException
                ? String.valueOf(failure.getMessage())
                        .lines()
                        .skip(1)
                        .findFirst()
                        .orElse("its tables differ")
                : SqlFailure.describe(failure);
    }

    private void requireUtf8() {
        String encoding;
        try {
            encoding = jdbc.queryForObject("SHOW server_encoding", String.class);
        } catch (DataAccessException e) {
            throw SqlFailure.unavailable(e);
        }
        if (!"UTF8".equals(encoding)) {
            throw new InvalidSettingException(
                    "DATABASE_URL",
                    "names a database whose encoding is " + encoding
                            + ": make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0");
        }
    }
}
