package logaggregator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.FailedStart;
import logaggregator.support.InProcessApp;
import logaggregator.support.PostgresProcess;
import logaggregator.support.Records;
import logaggregator.support.Servers;
import org.junit.jupiter.api.Test;

/**
 * The tables can't be made: what comes in waits in the queue, the health tells why in a sentence, and all is stored once
 * the cause is gone.
 */
class PostgresSchemaFaultsIT {

    private static final PostgresProcess POSTGRES = Servers.postgres();
    private static final Database SERVER = new Database(POSTGRES);

    @Test
    void several_processes_start_at_once_on_an_empty_database() {
        SERVER.execute("CREATE DATABASE empty");
        Map<String, String> settings = Map.of(
                "DATABASE_URL", url("empty"), "REDIS_URL", Servers.redis().url(), "INGEST_STREAM", "empty:stream");
        AppProcess[] processes = IntStream.range(0, 3)
                .mapToObj(n -> AppProcess.launched(Servers.newDirectory("instance"), settings))
                .toArray(AppProcess[]::new);
        try {
            Stream.of(processes).forEach(process -> Eventually.holds(process::isReady));

            for (AppProcess process : processes) {
                assertThat(process.api()
                                .post(
                                        "/api/v1/ingest?ack=stored",
                                        Records.ndjson("at once", 0, 10).getBytes())
                                .body()
                                .path("stored")
                                .asInt())
                        .isEqualTo(10);
                Eventually.holds(() -> isHealthy(process));
            }
            Database database = new Database(POSTGRES, "empty");
            assertThat(database.logs("at once")).isEqualTo(30);
            assertThat(database.column("SELECT version FROM flyway_schema_history WHERE success"))
                    .doesNotHaveDuplicates()
                    .contains("001", "010");
            assertThat(database.number("SELECT count(*) FROM flyway_schema_history WHERE NOT success"))
                    .isZero();
        } finally {
            Stream.of(processes).forEach(AppProcess::kill);
        }
    }

    private static boolean isHealthy(AppProcess process) {
        return process.api().get("/health").body().get("status").asText().equals("ok");
    }

    @Test
    void a_database_in_another_encoding_ends_the_start() {
        createAscii("ascii");

        FailedStart start = FailedStart.with(Map.of(
                "DATABASE_URL", url("ascii"), "REDIS_URL", Servers.redis().url()));

        assertThat(start.status()).isNotZero();
        assertThat(start.output()).contains("DATABASE_URL", "encoding is SQL_ASCII", "ENCODING 'UTF8'");
    }

    @Test
    void a_database_in_another_encoding_is_found_while_running() {
        try (InProcessApp service = start("late_ascii")) {
            assertQueued(service, "late_ascii");
            createAscii("late_ascii");
            assertThat(reason(service)).contains("DATABASE_URL", "encoding is SQL_ASCII");

            SERVER.execute("DROP DATABASE late_ascii WITH (FORCE)");
            SERVER.execute("CREATE DATABASE late_ascii");
            assertStored(service, "late_ascii");
        }
    }

    @Test
    void a_migration_fails_since_somebody_else_has_a_table_of_that_name() {
        SERVER.execute("CREATE DATABASE conflict");
        Database database = new Database(POSTGRES, "conflict");
        database.execute("CREATE TABLE receipts (line text)");
        try (InProcessApp service = start("conflict")) {
            assertQueued(service, "conflict");
            assertThat(reason(service)).contains("relation \"receipts\" already exists");

            database.execute("DROP TABLE receipts");
            assertStored(service, "conflict");
            Eventually.holds(() ->
                    service.api().get("/health").body().get("status").asText().equals("ok"));
        }
    }

    @Test
    void the_tables_are_those_of_another_version() {
        try (InProcessApp service = start("foreign_version")) {
            assertQueued(service, "foreign_version");
            SERVER.execute("CREATE DATABASE elsewhere");
            start("elsewhere").close();
            new Database(POSTGRES, "elsewhere").execute("UPDATE flyway_schema_history SET checksum = checksum + 1");
            SERVER.execute("CREATE DATABASE foreign_version TEMPLATE elsewhere");
            assertThat(reason(service)).contains("version");

            new Database(POSTGRES, "foreign_version")
                    .execute("UPDATE flyway_schema_history SET checksum = checksum - 1");
            assertStored(service, "foreign_version");
        }
    }

    @Test
    void tables_of_another_version_end_the_start() {
        SERVER.execute("CREATE DATABASE other_version");
        start("other_version").close();
        new Database(POSTGRES, "other_version").execute("UPDATE flyway_schema_history SET checksum = checksum + 1");

        FailedStart start = FailedStart.with(Map.of(
                "DATABASE_URL",
                url("other_version"),
                "REDIS_URL",
                Servers.redis().url()));

        assertThat(start.status()).isNotZero();
        assertThat(start.output()).contains("version").doesNotContain("\tat ");
        assertThat(start.output().lines().count()).isLessThan(20);
    }

    private static InProcessApp start(String database) {
        return new InProcessApp(url(database), Servers.redis().url(), database + ":stream");
    }

    private static String url(String database) {
        return POSTGRES.url().replaceFirst("postgres$", database);
    }

    private static void createAscii(String name) {
        SERVER.execute("CREATE DATABASE " + name + " ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
    }

    private static void assertQueued(InProcessApp service, String app) {
        assertThat(service.api()
                        .ingest(Records.ndjson(app, 0, 10))
                        .body()
                        .path("backend")
                        .asText())
                .isEqualTo("redis");
    }

    /** What the health says of the tables, which is to be a sentence. */
    private static String reason(InProcessApp service) {
        Eventually.holds(
                () -> service.api().get("/health").body().at("/reasons/schema").isTextual());
        String reason =
                service.api().get("/health").body().at("/reasons/schema").asText();
        assertThat(reason).hasLineCount(1).hasSizeLessThan(200);
        return reason;
    }

    private static void assertStored(InProcessApp service, String app) {
        Database database = new Database(POSTGRES, app);
        Eventually.holds(() -> database.number("SELECT count(*) FROM pg_tables WHERE tablename = 'logs'") == 1);
        database.awaitAll(app, 10);
        assertThat(database.logs(app)).isEqualTo(10);
    }
}
