package logaggregator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import logaggregator.support.Api;
import logaggregator.support.Api.Answer;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.PostgresProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A question is answered within bounds when the database takes too long or is away, and with a word on what to do: rows 78 and 80
 * of bad input.
 */
class QueryFaultsIT {

    private static final List<String> QUESTIONS = Stream.of(
                    "logs/",
                    "logs/?q=NOT+a&count=true",
                    "logs/1",
                    "logs/1/context",
                    "stats/",
                    "stats/histogram",
                    "stats/fields?app=a",
                    "logs/export",
                    "apps/",
                    "apps/1")
            .map(question -> "/api/v1/" + question)
            .toList();

    private static PostgresProcess postgres;
    private static InProcessApp service;
    private static Api api;

    @BeforeAll
    static void start() {
        Path directory = Servers.newDirectory("query-faults");
        postgres = new PostgresProcess(directory);
        service = new InProcessApp(
                postgres, Servers.redis(), "query-faults:stream", "app.roles=api", "database.query-timeout=1");
        api = new Api(service.port(), Duration.ofSeconds(25));
        Eventually.passes(() -> assertThat(api.get("/api/v1/logs/").status()).isEqualTo(200));
    }

    @AfterAll
    static void stop() {
        service.close();
        postgres.close();
    }

    private static Stream<String> questions() {
        return QUESTIONS.stream();
    }

    @ParameterizedTest(name = "80 {0}")
    @MethodSource("questions")
    void a_query_that_takes_too_long_is_ended(String question) throws SQLException {
        try (Connection other = lock("logs, counts, day_counts, apps")) {
            Answer answer = api.get(question);

            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.body().get("code").asText()).isEqualTo("query_timeout");
            assertThat(answer.body().get("detail").asText()).contains("QUERY_TIMEOUT", "start_time");
            other.rollback();
        }

        assertAnswered();
        assertThat(new Database(postgres)
                        .number(
                                "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%FROM logs%'"
                                        + " AND pid <> pg_backend_pid()"))
                .isZero();
    }

    @ParameterizedTest(name = "80 {0}")
    @ValueSource(strings = {"stats/", "stats/?app=a&level=ERROR", "stats/?service=s"})
    void numbers_over_all_time_need_no_look_at_the_logs(String question) throws SQLException {
        try (Connection other = lock("logs")) {
            assertThat(api.get("/api/v1/" + question).status()).isEqualTo(200);
            other.rollback();
        }
    }

    @Test
    void a_client_can_end_what_it_asked_for() throws SQLException {
        String id = UUID.randomUUID().toString();
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest question = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + service.port() + "/api/v1/logs?q=a"))
                .header("Query-Id", id)
                .build();
        try (Connection other = lock("logs")) {
            Eventually.passes(() -> {
                CompletableFuture<HttpResponse<String>> asked = client.sendAsync(question, BodyHandlers.ofString());
                assertThat(cancelled(UUID.randomUUID().toString())).isZero();
                int cancelled = 0;
                while (cancelled == 0 && !asked.isDone()) {
                    cancelled = cancelled(id);
                }
                assertThat(cancelled).isOne();
                assertThat(asked.join().statusCode()).isEqualTo(504);
                assertThat(asked.join().body()).contains("\"query_cancelled\"");
            });
            other.rollback();
        }
    }

    private static int cancelled(String id) {
        return api.delete("/api/v1/queries/" + id).body().get("cancelled").asInt();
    }

    private static Connection lock(String tables) throws SQLException {
        Connection connection = DriverManager.getConnection(new Database(postgres).jdbcUrl());
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE " + tables + " IN ACCESS EXCLUSIVE MODE");
        }
        return connection;
    }

    @Nested
    class Without_the_database {

        @BeforeAll
        static void stop() {
            postgres.stop("fast");
        }

        @AfterAll
        static void startAgain() {
            postgres.start();
            assertAnswered();
        }

        @ParameterizedTest(name = "78 {0}")
        @MethodSource("logaggregator.QueryFaultsIT#questions")
        void the_client_is_told_to_come_back(String question) {
            long start = System.nanoTime();
            Answer answer = api.get(question);
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body().get("code").asText()).isEqualTo("db_unavailable");
            assertThat(answer.response().headers().firstValueAsLong("Retry-After"))
                    .hasValue(2);
            // three seconds, and what a busy machine adds
            assertThat(took).isLessThan(Duration.ofSeconds(5));
        }
    }

    private static void assertAnswered() {
        Eventually.passes(() -> assertThat(
                        QUESTIONS.stream().map(question -> api.get(question).status()))
                .containsExactly(200, 200, 404, 404, 200, 200, 200, 200, 200, 404));
    }
}
