package logaggregator.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.Durability;
import logaggregator.LogEntry;
import logaggregator.support.Filters;
import org.junit.jupiter.api.Test;

/** What every store must do, whatever keeps the logs. */
public abstract class LogStoreContract {

    private static final Instant ARRIVAL = Instant.parse("2026-06-01T12:00:00.123456Z");

    /** A name that no other test uses. */
    protected final String app = "app-" + UuidCreator.getTimeOrderedEpoch();

    protected abstract LogStore store();

    protected abstract LogReader reader();

    @Test
    void what_was_appended_is_read_back_as_it_was() {
        String text = "tab\t newline\n \\. \\N \" ' € 😀 ${x} %s";
        Instant happened = Instant.parse("2026-05-31T23:59:59.999999Z");
        LogEntry entry = new LogEntry(
                0, app, null, "NOTICE", "a service", text, happened, "{\"a\":{\"b\":[1,null]}}".getBytes(UTF_8), null);

        assertThat(store().append(batch(chunk(entry))).durability()).isEqualTo(Durability.POSTGRES);

        StoredLog log = stored().get(0);
        assertThat(log.message()).isEqualTo(text);
        assertThat(log.level()).isEqualTo("NOTICE");
        assertThat(log.service()).isEqualTo("a service");
        assertThat(log.timestamp()).isEqualTo(happened);
        assertThat(log.receivedAt()).isEqualTo(ARRIVAL);
        assertThat(log.metadata()).isEqualTo("{\"a\": {\"b\": [1, null]}}");
    }

    @Test
    void a_chunk_that_comes_again_is_stored_once() {
        Chunk first = chunk(entry(0, "first"));
        Chunk second = chunk(entry(0, "second"));

        store().append(batch(first));
        Batch again = store().append(batch(first, second));

        assertThat(again.isSafe()).isTrue();
        assertThat(messages()).containsExactlyInAnyOrder("first", "second");
    }

    @Test
    void a_chunk_that_is_twice_in_one_batch_is_stored_once() {
        Chunk chunk = chunk(entry(0, "once"));

        store().append(batch(chunk, chunk));

        assertThat(messages()).containsExactly("once");
    }

    @Test
    void writers_that_are_given_the_same_chunks_at_the_same_time_store_them_once() throws Exception {
        List<Chunk> chunks =
                IntStream.range(0, 40).mapToObj(n -> chunk(entry(0, "m" + n))).toList();

        inParallel(4, () -> store().append(Batch.of(chunks, List.of())));

        assertThat(messages()).hasSize(40).doesNotHaveDuplicates();
    }

    @Test
    void writers_that_see_new_apps_at_the_same_time_create_each_once() throws Exception {
        inParallel(4, () -> store().append(batch(IntStream.range(0, 20)
                .mapToObj(n -> chunk(new LogEntry(0, app + n, null, "INFO", "s", "m", ARRIVAL, null, null)))
                .toArray(Chunk[]::new))));

        for (int n = 0; n < 20; n++) {
            List<StoredLog> logs =
                    reader().find(Filters.ofApp(app + n), LogPage.newest(100)).logs();
            assertThat(logs).hasSize(4);
            assertThat(logs.stream().map(StoredLog::appId).distinct()).hasSize(1);
        }
    }

    @Test
    void an_app_can_be_named_by_its_id() {
        store().append(batch(chunk(entry(0, "by name"))));
        int id = stored().get(0).appId();

        store().append(batch(chunk(new LogEntry(0, null, id, "INFO", "s", "by id", ARRIVAL, null, null))));

        assertThat(messages()).containsExactlyInAnyOrder("by name", "by id");
    }

    @Test
    void an_unknown_app_id_or_one_of_another_app_is_rejected_alone() {
        store().append(batch(chunk(entry(0, "there before"))));
        int id = stored().get(0).appId();
        Chunk chunk = chunk(
                entry(0, "good"),
                new LogEntry(1, null, Integer.MAX_VALUE, "INFO", "s", "unknown", ARRIVAL, null, null),
                new LogEntry(2, "another", id, "INFO", "s", "mismatch", ARRIVAL, null, null));

        Batch rest = store().append(batch(chunk));

        assertThat(rest.isSafe()).isFalse();
        assertThat(rest.rejections().stream().map(rejection -> rejection.index() + " " + rejection.reason()))
                .containsExactly("1 unknown_app", "2 app_mismatch");
        assertThat(messages()).containsExactly("there before");
        assertThat(store().append(rest).isSafe()).isTrue();
        assertThat(messages()).containsExactlyInAnyOrder("there before", "good");
    }

    @Test
    void a_chunk_whose_records_are_dead_letters_is_not_stored_when_it_comes_again() {
        Chunk chunk = chunk(entry(0, "dead"));

        store().append(batch(chunk.withEntries(List.of())));
        store().append(batch(chunk));

        assertThat(messages()).isEmpty();
    }

    @Test
    void a_chunk_that_went_past_the_queue_is_complete_when_it_comes_again() {
        Chunk queued = chunk(
                entry(0, "good"),
                new LogEntry(1, null, Integer.MAX_VALUE, "INFO", "s", "unknown", ARRIVAL, null, null));
        Chunk atTheDoor = queued.from(Chunk.Origin.door(queued, null));
        store().append(store().append(batch(atTheDoor)));

        Batch again = store().append(batch(queued));

        assertThat(again.isSafe()).isTrue();
        assertThat(again.duplicates()).isEqualTo(2);
        assertThat(messages()).containsExactly("good");
    }

    @Test
    void a_chunk_without_records_is_no_failure() {
        assertThat(store().append(batch(chunk())).isSafe()).isTrue();
        assertThat(store().append(Batch.of(List.of(), List.of())).isSafe()).isTrue();
    }

    protected LogEntry entry(int index, String message) {
        return new LogEntry(index, app, null, "INFO", "checkout", message, ARRIVAL, null, null);
    }

    protected static Chunk chunk(LogEntry... entries) {
        UUID id = UuidCreator.getTimeOrderedEpoch();
        return new Chunk(
                id,
                origin("1-1", List.of(entries)),
                ARRIVAL,
                List.of(entries),
                "{}\n".repeat(entries.length).getBytes());
    }

    private static Chunk.Origin origin(String id, List<LogEntry> entries) {
        Chunk counted = new Chunk(new UUID(0, 0), null, ARRIVAL, entries, new byte[0]);
        return new Chunk.Origin(
                id,
                1,
                0,
                UuidCreator.getTimeOrderedEpoch(),
                new Chunk.Account("ledger", counted.countByAccount()),
                null);
    }

    protected static Batch batch(Chunk... chunks) {
        return Batch.of(List.of(chunks), List.of());
    }

    protected List<StoredLog> stored() {
        return reader().find(Filters.ofApp(app), LogPage.newest(1_000)).logs();
    }

    protected List<String> messages() {
        return stored().stream().map(StoredLog::message).toList();
    }

    private static <T> void inParallel(int threads, Callable<T> work) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            for (Future<T> done : executor.invokeAll(
                    Stream.generate(() -> work).limit(threads).toList())) {
                done.get();
            }
        } finally {
            executor.shutdown();
        }
    }
}
