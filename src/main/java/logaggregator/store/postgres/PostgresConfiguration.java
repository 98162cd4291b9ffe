package logaggregator.store.postgres;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Properties;
import logaggregator.embedded.EmbeddedPostgres;
import logaggregator.embedded.EmbeddedServices;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/** The connections to the database that DATABASE_URL names, or to the embedded one. */
@Configuration(proxyBeanMethods = false)
class PostgresConfiguration {

    private static final long CONNECTION_TIMEOUT_MS = 3_000;
    private static final long VALIDATION_TIMEOUT_MS = 1_000;

    @Bean
    DatabaseLocation databaseLocation(DatabaseSettings settings, EmbeddedServices embedded) {
        if (!settings.url().isBlank()) {
            return DatabaseUrl.parse(settings.url());
        }
        EmbeddedPostgres server = embedded.postgres();
        Properties properties = new Properties();
        properties.setProperty("user", EmbeddedPostgres.USER);
        properties.setProperty("password", server.password());
        return new DatabaseLocation(server.jdbcUrl(), properties);
    }

    @Bean
    HikariDataSource dataSource(DatabaseLocation location, DatabaseSettings settings) {
        Properties properties = new Properties();
        // without time-outs a frozen server would hold a thread for good
        // (the login may take three seconds: a host that is away or frozen leaves time for the next one)
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("sslResponseTimeout", "2000");
        properties.setProperty("socketTimeout", "20");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "log-aggregator");
        properties.putAll(location.properties());

        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName("database");
        pool.setJdbcUrl(location.jdbcUrl());
        pool.setDataSourceProperties(properties);
        pool.setMaximumPoolSize(settings.poolSize());
        pool.setConnectionTimeout(CONNECTION_TIMEOUT_MS);
        pool.setValidationTimeout(VALIDATION_TIMEOUT_MS);
        pool.setExceptionOverride(new LeaveReadOnlyServer(pool));
        // said, not asked: a pool whose first connection broke while it asked would be of no use for good
        // (https://github.com/brettwooldridge/HikariCP/issues/1944)
        pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        // start without the database: what comes in waits in the queue
        pool.setInitializationFailTimeout(-1);
        return pool;
    }

    @Bean
    PlatformTransactionManager transactionManager(HikariDataSource pool) {
        return new PooledTransactionManager(pool);
    }
}
