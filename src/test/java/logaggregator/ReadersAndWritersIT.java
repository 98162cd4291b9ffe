package logaggregator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.support.Api;
import logaggregator.support.Api.Answer;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.Records;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever reads leaves others what they need: connections, and the days that were not asked for. */
class ReadersAndWritersIT {

    private static final int READERS = 30;
    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);
    private static final LocalDate LONG_AGO = LocalDate.of(2001, 1, 1);

    /** More of them than are looked through at a time. */
    private static final int OLD_DAYS = 40;

    private static InProcessApp app;
    private static Api api;
    private static Database database;

    /** The log in the middle of those of today. */
    private static String log;

    @BeforeAll
    static void start() {
        app = new InProcessApp(
                Database.create(Servers.postgres(), "readers"),
                Servers.redis().url(),
                "readers:stream",
                "app.roles=api,worker",
                "database.pool-size=8",
                "search.index=false");
        api = app.api();
        database = new Database(Servers.postgres(), "readers");
        for (int day = 0; day < OLD_DAYS; day++) {
            database.column("SELECT ensure_logs_partition('" + LONG_AGO.plusDays(day) + "')");
        }
        store(LONG_AGO.plusDays(1));
        store(TODAY.minusDays(1));
        log = store(TODAY).body().get(30).get("id").asText();
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    private static Answer store(LocalDate day) {
        String records = IntStream.range(0, 60)
                .mapToObj(n -> Records.json("readers", n)
                        .replaceFirst("\\{", "{\"timestamp\":\"%sT00:00:%02dZ\",".formatted(day, n)))
                .collect(Collectors.joining("\n"));
        Answer stored = api.post("/api/v1/bulk_logs/", records.getBytes(UTF_8));
        assertThat(stored.status()).as(stored.response().body()).isEqualTo(201);
        return stored;
    }

    @Test
    void however_many_read_logs_are_accepted_and_stored() throws SQLException {
        ExecutorService threads = Executors.newFixedThreadPool(READERS);
        try {
            List<CompletableFuture<Answer>> readers;
            try (Connection other = lock("day_counts")) {
                readers = Stream.generate(() -> CompletableFuture.supplyAsync(() -> api.get("/api/v1/stats/"), threads))
                        .limit(READERS)
                        .toList();
                Eventually.holds(
                        () -> readers.stream().filter(CompletableFuture::isDone).count() >= READERS - 8);

                Answer stored = api.ingest(Records.json("written", 1).getBytes(UTF_8), "Prefer", "wait");
                Answer created =
                        api.post("/api/v1/logs/", Records.json("written", 2).getBytes(UTF_8));

                assertThat(stored.status()).as(stored.response().body()).isEqualTo(200);
                assertThat(created.status()).as(created.response().body()).isEqualTo(201);
                assertThat(api.get("/health").response().body()).doesNotContain("database");
                other.rollback();
            }
            List<Answer> refused = readers.stream()
                    .map(CompletableFuture::join)
                    .filter(answer -> answer.status() == 503)
                    .toList();
            assertThat(refused).hasSizeGreaterThanOrEqualTo(READERS - 8).allSatisfy(answer -> {
                assertThat(answer.body().get("code").asText()).isEqualTo("too_many_queries");
                assertThat(answer.response().headers().firstValue("Retry-After"))
                        .isPresent();
            });
        } finally {
            threads.shutdown();
        }
    }

    private static Stream<String> questionsOfTheLastDay() {
        return Stream.of(
                "logs/?limit=10",
                "logs/?limit=10&level=INFO",
                "logs/?limit=10&app=readers&service=checkout",
                "logs/?limit=10&order=asc",
                "logs/?limit=10&order=asc&app=readers",
                "logs/@log",
                "logs/@log/context?before=3&after=3");
    }

    @ParameterizedTest
    @MethodSource("questionsOfTheLastDay")
    void a_page_or_a_log_does_without_the_days_that_it_is_not_of(String question) throws SQLException {
        try (Connection other = lockDayBetween()) {
            Answer answer = api.get("/api/v1/" + question.replace("@log", log));

            assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
            other.rollback();
        }
    }

    @Test
    void a_log_is_deleted_in_its_own_day() throws SQLException {
        String id = api.post("/api/v1/logs/", Records.json("deleted", 1).getBytes(UTF_8))
                .body()
                .get("id")
                .asText();
        try (Connection other = lockDayBetween()) {
            assertThat(api.delete("/api/v1/logs/" + id).status()).isEqualTo(200);
            other.rollback();
        }
        assertThat(api.get("/api/v1/logs/" + id).status()).isEqualTo(404);
    }

    @Test
    void a_log_is_found_and_deleted_however_old_it_is() {
        for (int n : List.of(0, OLD_DAYS / 2, OLD_DAYS - 1)) {
            String id = store(LONG_AGO.plusDays(n)).body().get(0).get("id").asText();

            assertThat(api.get("/api/v1/logs/" + id).body().get("timestamp").asText())
                    .startsWith(LONG_AGO.plusDays(n).toString());
            assertThat(api.delete("/api/v1/logs/" + id).status()).isEqualTo(200);
            assertThat(api.get("/api/v1/logs/" + id).status()).isEqualTo(404);
        }
        String beyondAllDays =
                store(LONG_AGO.minusDays(3)).body().get(0).get("id").asText();
        assertThat(api.delete("/api/v1/logs/" + beyondAllDays).status()).isEqualTo(200);
    }

    /** Whoever needs it waits. */
    private static Connection lockDayBetween() throws SQLException {
        return lock("logs_" + LONG_AGO.plusDays(OLD_DAYS / 2).toString().replace("-", ""));
    }

    private static Connection lock(String table) throws SQLException {
        Connection connection = DriverManager.getConnection(database.jdbcUrl());
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
        }
        return connection;
    }
}
