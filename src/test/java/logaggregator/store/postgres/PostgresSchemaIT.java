package logaggregator.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Properties;
import logaggregator.store.LogFilter;
import logaggregator.store.LogPage;
import logaggregator.store.StoredLog;
import logaggregator.support.Database;
import logaggregator.support.Filters;
import logaggregator.support.Servers;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

class PostgresSchemaIT {

    @Test
    void the_database_of_the_original_is_taken_over() {
        new Database(Servers.postgres()).execute("CREATE DATABASE original");
        Database database = new Database(Servers.postgres(), "original");
        database.execute("""
                CREATE TABLE apps (id serial PRIMARY KEY, name varchar(100) UNIQUE NOT NULL, description varchar(255));
                CREATE TABLE logs (
                    id serial PRIMARY KEY,
                    app_id integer NOT NULL REFERENCES apps(id) ON DELETE CASCADE,
                    app varchar(100) NOT NULL,
                    level varchar(20) NOT NULL,
                    service varchar(50) NOT NULL,
                    message varchar(255) NOT NULL,
                    metadata_ json,
                    timestamp timestamp DEFAULT now());
                CREATE INDEX ix_logs_id ON logs (id);
                CREATE INDEX ix_logs_app ON logs (app);
                INSERT INTO apps (name) VALUES ('demo');
                INSERT INTO logs (id, app_id, app, level, service, message, metadata_, timestamp) VALUES
                    (7, 1, 'demo', 'INFO', 'api', 'old', '{"user": "a\\u0000b"}', '2025-03-01 10:15:00'),
                    (9, 1, 'demo', 'ERROR', 'db', 'no time', NULL, NULL)""");
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(database.jdbcUrl());
        DatabaseLocation location = new DatabaseLocation(database.jdbcUrl(), new Properties());

        new PostgresSchema(location).migrate();
        new PostgresSchema(location).migrate();

        DatabaseSettings settings = new DatabaseSettings("", 4, 10);
        Snapshots snapshots = new Snapshots(
                new Queries(dataSource, settings),
                new ReaderPlaces(settings),
                dataSource,
                new DataSourceTransactionManager(dataSource),
                settings);
        List<StoredLog> logs = new PostgresLogReader(snapshots)
                .find(Filters.ofApp("demo"), LogPage.newest(10))
                .logs();
        assertThat(logs.stream().map(StoredLog::id)).containsExactly(9L, 7L);
        assertThat(logs.get(1).timestamp()).isEqualTo("2025-03-01T10:15:00Z");
        assertThat(logs.get(1).metadata()).contains("original").contains("user");
        assertThat(new PostgresStats(snapshots).stats(LogFilter.ALL).byLevel())
                .containsEntry("INFO", 1L)
                .containsEntry("ERROR", 1L);
        assertThat(database.number("SELECT nextval(pg_get_serial_sequence('logs', 'id'))"))
                .isEqualTo(10);
        assertThat(database.number("SELECT count(*) FROM logs_original")).isEqualTo(2);
    }

    @Test
    void a_table_of_somebody_else_is_not_touched() {
        new Database(Servers.postgres()).execute("CREATE DATABASE foreign_tables");
        Database database = new Database(Servers.postgres(), "foreign_tables");
        database.execute("CREATE TABLE logs (id int, line text)");
        PostgresSchema schema = new PostgresSchema(new DatabaseLocation(database.jdbcUrl(), new Properties()));

        assertThatThrownBy(schema::migrate).hasMessageContaining("a table named logs");

        assertThat(database.column("SELECT to_regclass('logs_original')::text")).containsOnlyNulls();
    }
}
