package logaggregator.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.Properties;
import logaggregator.embedded.EmbeddedPostgres;
import logaggregator.embedded.EmbeddedServices;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

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
        properties.setProperty("connectTimeout", "3");
        properties.setProperty("socketTimeout", "30");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "log-aggregator");
        properties.putAll(location.properties());

        HikariConfig config = new HikariConfig();
        config.setPoolName("database");
        config.setJdbcUrl(location.jdbcUrl());
        config.setDataSourceProperties(properties);
        config.setMaximumPoolSize(settings.poolSize());
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MS);
        config.setValidationTimeout(VALIDATION_TIMEOUT_MS);
        // start without the database: what comes in waits in the queue
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }
}
