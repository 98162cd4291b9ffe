package logaggregator.store.postgres;

import java.util.Properties;
import logaggregator.UnavailableException;
import logaggregator.store.StoreSchema;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.internal.exception.FlywaySqlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.stereotype.Component;

/** The tables, kept at the version of this program by Flyway; several processes may start at the same time. */
@Component("storeSchema")
class PostgresSchema implements StoreSchema, InitializingBean {

    private static final Logger log = LoggerFactory.getLogger(PostgresSchema.class);

    private final Flyway flyway;
    private boolean migrated;

    /** On connections of its own: a migration may take longer than any statement of the service is allowed to. */
    PostgresSchema(DatabaseLocation location) {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", "3");
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("tcpKeepAlive", "true");
        properties.putAll(location.properties());
        flyway = Flyway.configure()
                .dataSource(new DriverManagerDataSource(location.jdbcUrl(), properties))
                .locations("classpath:db/migration")
                // a database that holds other tables is fine
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
    }

    /** Tries once before anything else runs; when the database is down the maintenance route goes on trying. */
    @Override
    public void afterPropertiesSet() {
        try {
            migrate();
        } catch (UnavailableException e) {
            log.warn("The database can't be reached yet, logs wait in the queue: {}", e.getMessage());
        }
    }

    @Override
    public synchronized void migrate() {
        if (migrated) {
            return;
        }
        try {
            flyway.migrate();
            migrated = true;
        } catch (FlywaySqlException e) {
            throw SqlFailure.unavailable(e);
        } catch (FlywayException e) {
            if (SqlFailure.isConnectionLost(e)) {
                throw SqlFailure.unavailable(e);
            }
            throw e;
        }
    }
}
