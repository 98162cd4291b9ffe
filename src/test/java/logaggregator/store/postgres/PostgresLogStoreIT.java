package logaggregator.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.LogEntry;
import logaggregator.Rejection;
import logaggregator.UnavailableException;
import logaggregator.search.Expression;
import logaggregator.search.Glob;
import logaggregator.store.LogFilter;
import logaggregator.store.LogPage;
import logaggregator.store.LogReader;
import logaggregator.store.LogStore;
import logaggregator.store.LogStoreContract;
import logaggregator.store.StatsReader;
import logaggregator.store.StoreMaintenance;
import logaggregator.store.StoredLog;
import logaggregator.support.Database;
import logaggregator.support.InProcessApp;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresLogStoreIT extends LogStoreContract {

    private static InProcessApp service;
    private static Database database;

    @BeforeAll
    static void start() {
        // no worker: nothing but these tests stores and maintains
        service = new InProcessApp(Servers.postgres(), Servers.redis(), "store-it:stream", "app.roles=api");
        database = new Database(Servers.postgres());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @AfterEach
    void takeFaultsBack() {
        database.execute("DROP TRIGGER IF EXISTS refuse ON logs");
    }

    @Override
    protected LogStore store() {
        return service.bean(LogStore.class);
    }

    @Override
    protected LogReader reader() {
        return service.bean(LogReader.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"22001", "22021", "22P05", "23502", "23514", "21000", "54000"})
    void records_that_the_database_refuses_are_found_among_good_ones(String sqlState) {
        refuse("NEW.message IN ('m3', 'm250', 'm499')", sqlState);

        Batch rest = store().append(batch(chunkOf(500)));

        assertThat(rest.isSafe()).isFalse();
        assertThat(rest.rejections().stream().map(Rejection::index)).containsExactly(3, 250, 499);
        assertThat(rest.rejections().get(0).reason()).isEqualTo("sqlstate_" + sqlState);
        assertThat(messages()).isEmpty();
        assertThat(store().append(rest).isSafe()).isTrue();
        assertThat(messages()).hasSize(497).doesNotContain("m3", "m250", "m499");
    }

    @Test
    void a_refused_record_that_stands_alone_is_rejected() {
        refuse("NEW.message = 'm0'", "22001");

        assertThat(store().append(batch(chunkOf(1))).rejections()).hasSize(1);
    }

    @Test
    void a_batch_most_of_which_is_refused_is_not_the_fault_of_its_records() {
        refuse("NEW.message <> 'm7'", "22001");

        assertThatThrownBy(() -> store().append(batch(chunkOf(100)))).isInstanceOf(UnavailableException.class);
        assertThat(messages()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"53100", "57014", "40001", "42501", "XX000"})
    void a_fault_of_the_database_rejects_nothing(String sqlState) {
        refuse("true", sqlState);
        Batch batch = batch(chunkOf(10));

        assertThatThrownBy(() -> store().append(batch)).isInstanceOf(UnavailableException.class);

        database.execute("DROP TRIGGER refuse ON logs");
        assertThat(store().append(batch).isSafe()).isTrue();
        assertThat(messages()).hasSize(10);
    }

    @Test
    void a_table_that_takes_no_row_at_all_rejects_not_even_a_single_record() {
        database.execute("ALTER TABLE logs ADD COLUMN unfilled int NOT NULL DEFAULT 0");
        database.execute("ALTER TABLE logs ALTER COLUMN unfilled DROP DEFAULT");
        try {
            assertThatThrownBy(() -> store().append(batch(chunkOf(1)))).isInstanceOf(UnavailableException.class);
        } finally {
            database.execute("ALTER TABLE logs DROP COLUMN unfilled");
        }
        assertThat(messages()).isEmpty();
    }

    @Test
    void a_missing_table_rejects_nothing() {
        database.execute("ALTER TABLE count_deltas RENAME TO mislaid");
        try {
            assertThatThrownBy(() -> store().append(batch(chunkOf(10)))).isInstanceOf(UnavailableException.class);
        } finally {
            database.execute("ALTER TABLE mislaid RENAME TO count_deltas");
        }
        assertThat(messages()).isEmpty();
    }

    @Test
    void counts_add_up_after_they_were_folded() {
        store().append(batch(chunkOf(10)));
        service.bean(StoreMaintenance.class).foldCounts();
        store().append(batch(chunkOf(5)));
        service.bean(StoreMaintenance.class).foldCounts();
        store().append(batch(chunkOf(1)));

        assertThat(service.bean(StatsReader.class).stats(LogFilter.ALL).byApp()).containsEntry(app, 16L);
    }

    @Test
    void a_page_is_whole_though_logs_are_gone_that_the_numbers_still_have() {
        Instant newest = Instant.parse("2026-02-03T12:00:00Z");
        for (int days = 0; days < 3; days++) {
            Instant time = newest.minus(days, ChronoUnit.DAYS);
            String writer = days < 2 ? app : app + "-other";
            store().append(batch(chunk(
                    new LogEntry(0, writer, null, "INFO", app + "-s", "a" + days, time, null, null),
                    new LogEntry(1, writer, null, "INFO", app + "-s", "b" + days, time, null, null))));
        }
        database.execute("DELETE FROM logs WHERE app = '" + app + "' AND message IN ('a0', 'b0')");
        Expression ofService = new Expression.Text(Expression.TextField.SERVICE, Glob.literal(app + "-s"));

        assertThat(reader().find(new LogFilter(ofService, null, null), LogPage.newest(3))
                        .logs())
                .extracting(StoredLog::message)
                .containsExactly("b1", "a1", "b2");
    }

    @Test
    void the_partition_of_a_day_takes_over_the_logs_that_came_before_it() {
        Instant happened = Instant.parse("1999-12-31T23:30:00Z");
        store().append(batch(chunk(new LogEntry(0, app, null, "INFO", "s", "early", happened, null, null))));
        assertThat(table("early")).isEqualTo("logs_default");

        database.execute("SELECT ensure_logs_partition('1999-12-31')");
        database.execute("SELECT ensure_logs_partition('1999-12-31')");

        assertThat(table("early")).isEqualTo("logs_19991231");
        assertThat(messages()).containsExactly("early");
    }

    @Test
    void partitions_are_there_for_today_and_the_days_to_come() {
        service.bean(StoreMaintenance.class).prepareDays();

        for (String parent : List.of("logs", "receipts")) {
            assertThat(database.number("SELECT count(*) FROM pg_inherits JOIN pg_class ON oid = inhrelid"
                            + " WHERE inhparent = '" + parent + "'::regclass AND relname BETWEEN '" + parent
                            + "_' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD') AND '" + parent
                            + "_' || to_char((now() + interval '2 days') AT TIME ZONE 'UTC', 'YYYYMMDD')"))
                    .isEqualTo(3);
        }
    }

    @Test
    void receipts_are_kept_as_long_as_their_chunk_can_come_again() {
        database.execute("SELECT ensure_receipts_partition('2001-01-01')");
        Chunk recent = chunk(entry(0, "recent"));
        store().append(batch(recent));

        service.bean(StoreMaintenance.class).pruneReceipts(Instant.now());

        assertThat(database.column("SELECT to_regclass('receipts_20010101')::text"))
                .containsOnlyNulls();
        store().append(batch(recent));
        assertThat(messages()).containsExactly("recent");
    }

    @Test
    void a_young_receipt_is_kept_though_its_id_is_old() {
        database.execute("SELECT ensure_receipts_partition('2001-01-02')");
        UUID old = UUID.fromString(
                database.column("SELECT first_uuid('2001-01-02')").get(0));
        Chunk late = chunk(entry(0, "late"));
        Chunk waitedForDays = new Chunk(old, late.origin(), late.receivedAt(), late.entries(), late.data());
        store().append(batch(waitedForDays));

        service.bean(StoreMaintenance.class).pruneReceipts(Instant.now());

        store().append(batch(waitedForDays));
        assertThat(messages()).containsExactly("late");
        database.execute("DROP TABLE receipts_20010102");
    }

    private Chunk chunkOf(int size) {
        return chunk(IntStream.range(0, size).mapToObj(n -> entry(n, "m" + n)).toArray(LogEntry[]::new));
    }

    private String table(String message) {
        return database.column("SELECT tableoid::regclass::text FROM logs WHERE message = '" + message + "' AND app = '"
                        + app + "'")
                .get(0);
    }

    /** Makes the database refuse the rows of this test for which the condition is true. */
    private void refuse(String condition, String sqlState) {
        database.execute(
                "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.app = '"
                        + app + "' AND (" + condition + ") THEN RAISE EXCEPTION 'made by a test' USING ERRCODE = '"
                        + sqlState
                        + "'; END IF; RETURN NEW; END $$");
        database.execute("CREATE TRIGGER refuse BEFORE INSERT ON logs FOR EACH ROW EXECUTE FUNCTION refuse()");
    }
}
