package logaggregator.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import logaggregator.store.StoreIndexes;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresIndexesIT {

    private static final Database database = database();

    private static final String WORDS = "SELECT count(*) FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid"
            + " WHERE indexrelid::regclass::text = c.relname || '_words' AND indisvalid";

    private static InProcessApp app;

    private static Database database() {
        new Database(Servers.postgres()).execute("CREATE DATABASE indexes");
        return new Database(Servers.postgres(), "indexes");
    }

    @BeforeAll
    static void start() {
        String url = Servers.postgres().url().replaceAll("/postgres$", "/indexes");
        app = new InProcessApp(url, Servers.redis().url(), "indexes:stream", "app.roles=worker");
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void words_of_days_that_are_over_are_found_by_an_index() {
        database.execute("SELECT ensure_logs_partition('2026-02-01'), ensure_logs_partition('2026-02-02')");
        database.execute(
                "INSERT INTO logs (app_id, app, level, service, message, timestamp, received_at)"
                        + " SELECT 1, 'words', 'INFO', 's', md5(n::text), '2026-02-02Z', now() FROM generate_series(1, 20000) n");
        database.execute("ANALYZE logs_20260202");
        // as an attempt leaves one that was broken off
        database.execute("CREATE INDEX logs_20260201_words ON logs_20260201 (message)");
        database.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'logs_20260201_words'::regclass");

        app.bean(StoreIndexes.class).indexClosedDays();

        Eventually.holds(
                () -> database.number(WORDS) >= 2 && database.number(WORDS + " AND relname = 'logs_20260201'") == 1);
        List<String> plan = database.column(
                "EXPLAIN SELECT * FROM logs WHERE timestamp = '2026-02-02Z' AND message ILIKE '%0cc175b9c0f1%'");
        assertThat(String.join("\n", plan)).contains("logs_20260202_words");
        assertThat(database.number(WORDS + " AND relname = 'logs_' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD')"))
                .isZero();
        assertThat(database.number(WORDS + " AND relname = 'logs_default'")).isZero();
    }

    @Test
    void a_log_of_late_is_found_by_a_summary_of_its_pages() {
        database.execute("INSERT INTO logs (app_id, app, level, service, message, timestamp, received_at)"
                + " SELECT 1, 'late', 'INFO', 's', repeat('x', 500), now(), now() FROM generate_series(1, 20000)");

        app.bean(StoreIndexes.class).refresh();

        assertThat(database.number(
                        "SELECT brin_summarize_new_values(indexrelid) FROM pg_index WHERE indexrelid::regclass::text ="
                                + " 'logs_' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD') || '_id_idx'"))
                .isZero();
    }
}
