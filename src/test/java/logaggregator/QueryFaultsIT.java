package logaggregator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
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
import org.junit.jupiter.api.Test;

/** A question is answered within bounds when the database takes too long or is away, and with a word on what to do. */
class QueryFaultsIT {

    private static final List<String> QUESTIONS = Stream.of(
                    "logs/",
                    "logs/?q=NOT+a&count=true",
                    "logs/1",
                    "logs/1/context",
                    "stats/",
                    "stats/histogram",
                    "stats/fields?app=a")
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

    @Test
    void a_query_that_takes_too_long_is_ended() throws SQLException {
        try (Connection other = DriverManager.getConnection(new Database(postgres).jdbcUrl());
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE logs, counts, day_counts IN ACCESS EXCLUSIVE MODE");

            for (String question : QUESTIONS) {
                Answer answer = api.get(question);

                assertThat(answer.status()).as(question).isEqualTo(504);
                assertThat(answer.body().get("code").asText()).isEqualTo("query_timeout");
                assertThat(answer.body().get("detail").asText()).contains("QUERY_TIMEOUT", "start_time");
            }
            other.rollback();
        }

        assertAnswered();
        assertThat(new Database(postgres)
                        .number(
                                "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%FROM logs%'"
                                        + " AND pid <> pg_backend_pid()"))
                .isZero();
    }

    @Test
    void without_the_database_the_client_is_told_to_come_back() {
        postgres.stop("fast");
        try {
            for (String question : QUESTIONS) {
                long start = System.nanoTime();
                Answer answer = api.get(question);
                Duration took = Duration.ofNanos(System.nanoTime() - start);

                assertThat(answer.status()).as(question).isEqualTo(503);
                assertThat(answer.body().get("code").asText()).isEqualTo("db_unavailable");
                assertThat(answer.response().headers().firstValueAsLong("Retry-After"))
                        .hasValue(2);
                // three seconds, and what a busy machine adds
                assertThat(took).as(question).isLessThan(Duration.ofSeconds(5));
            }
        } finally {
            postgres.start();
        }

        assertAnswered();
    }

    private static void assertAnswered() {
        Eventually.passes(() -> assertThat(
                        QUESTIONS.stream().map(question -> api.get(question).status()))
                .containsExactly(200, 200, 404, 404, 200, 200, 200));
    }
}
