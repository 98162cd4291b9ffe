package logaggregator.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.support.Api;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.PostgresProcess;
import logaggregator.support.RawConnection;
import logaggregator.support.Records;
import logaggregator.support.RedisConsole;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** A process of one role alone that gets SIGTERM in the middle of its work ends in time, and leaves nothing half done. */
class RolesAskedToEndIT {

    private static final int PER_REQUEST = 50;
    private static final int PER_ENTRY = 500;
    private static final int ENTRIES = 200;
    private static final String GROUP = "ingest-group";

    private static PostgresProcess postgres;
    private static RedisProcess redis;
    private static StatefulRedisConnection<String, String> queue;
    private static Database database;

    /** The application of the records of this test, and the name of its queue. */
    private String app;

    private AppProcess service;

    @BeforeAll
    static void startServers() {
        Path directory = Servers.newDirectory("roles-asked-to-end");
        postgres = new PostgresProcess(directory);
        redis = new RedisProcess(directory.resolve("redis"));
        queue = RedisConsole.connect(redis);
        database = new Database(postgres);
    }

    @AfterAll
    static void stopServers() {
        queue.close();
        redis.close();
        postgres.close();
    }

    @BeforeEach
    void name(TestInfo test) {
        app = test.getTestMethod().orElseThrow().getName();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void api_under_load() throws Exception {
        start("api");
        Producers producers = new Producers(service.api());
        Eventually.holds(() -> producers.accepted.size() > 20);
        String body = Records.ndjson("in-flight", 0, PER_REQUEST);
        try (RawConnection inFlight = new RawConnection(service.port())) {
            inFlight.send(RawConnection.post("Content-Length: " + body.length(), "Expect: 100-continue"));
            assertThat(inFlight.answer()).isNotNull();
            inFlight.send(body.substring(0, 100));
            Pause.millis(500);

            CompletableFuture<Integer> end = CompletableFuture.supplyAsync(this::terminate);
            Eventually.holds(this::refusesNewRequests);
            assertThat(service.isAlive()).isTrue();
            inFlight.send(body.substring(100));

            assertThat(inFlight.answer()).isNotNull().satisfies(answer -> assertThat(answer.status())
                    .as(answer.body())
                    .isEqualTo(200));
            assertThat(end.get()).isEqualTo(143);
        }
        producers.stop();

        assertThat(producers.otherAnswers).isEmpty();
        storeWhatWaits();
        Set<Integer> stored = database.column("SELECT message FROM logs WHERE app = '" + app + "'").stream()
                .map(Integer::valueOf)
                .collect(Collectors.toSet());
        assertThat(database.logs(app)).isEqualTo(stored.size());
        assertThat(stored).containsAll(numbers(producers.accepted));
        assertThat(numbers(producers.refused)).noneMatch(stored::contains);
        assertThat(database.logs("in-flight")).isEqualTo(PER_REQUEST);
    }

    @Test
    void worker_with_a_full_queue() {
        fillQueue();
        start("worker");
        Eventually.holds(() -> tableExists() && database.logs(app) > 0);

        int status = terminate();

        assertThat(status).isEqualTo(143);
        assertThat(pending()).isZero();
        assertThat(queue.sync().xinfoConsumers(app, GROUP)).isEmpty();
        long waiting = queue.sync()
                .xrange(
                        app,
                        Range.from(Range.Boundary.excluding(lastDelivered()), Range.Boundary.unbounded()),
                        Limit.unlimited())
                .size();
        assertThat(waiting).isPositive();
        assertThat(database.logs(app)).isEqualTo((ENTRIES - waiting) * PER_ENTRY);
        service.start();
        assertAllStoredOnce();
    }

    @Test
    void worker_whose_batch_can_not_be_stored() {
        fillQueue();
        start("worker");
        Eventually.holds(() -> tableExists() && database.logs(app) > 0);
        postgres.crash();
        try {
            Eventually.holds(() -> pending() > 0);

            assertThat(terminate()).isEqualTo(143);

            assertThat(pending()).isPositive();
        } finally {
            postgres.start();
        }
        service.start();
        assertAllStoredOnce();
    }

    @Test
    void alerts() {
        start("alerts");

        assertThat(terminate()).isEqualTo(143);
    }

    private void start(String role) {
        service = new AppProcess(
                Servers.newDirectory("asked-to-end"),
                Map.of(
                        "APP_ROLES",
                        role,
                        "DATABASE_URL",
                        postgres.url(),
                        "REDIS_URL",
                        redis.url(),
                        "INGEST_STREAM",
                        app,
                        "INGEST_DLQ",
                        app + ":dlq",
                        "INGEST_CONSUMER",
                        "only"));
    }

    private int terminate() {
        return service.terminate(ProcessFaults.TIME_TO_END);
    }

    private boolean refusesNewRequests() {
        try {
            return new Api(service.port(), Duration.ofSeconds(5))
                            .ingest(Records.json("too-late", 0))
                            .status()
                    == 503;
        } catch (UncheckedIOException e) {
            return true; // the port is closed
        }
    }

    private void fillQueue() {
        for (int entry = 0; entry < ENTRIES; entry++) {
            queue.sync().xadd(app, "data", Records.ndjson(app, entry * PER_ENTRY, (entry + 1) * PER_ENTRY));
        }
    }

    private void storeWhatWaits() {
        try (InProcessApp worker = new InProcessApp(postgres, redis, app, "app.roles=worker", "ingest.block-ms=200")) {
            assertThat(worker).isNotNull();
            Eventually.holds(() -> queue.sync().xlen(app) == 0);
        }
    }

    private void assertAllStoredOnce() {
        Eventually.holds(() -> database.logs(app) >= ENTRIES * PER_ENTRY && pending() == 0);
        assertThat(database.logs(app)).isEqualTo(ENTRIES * PER_ENTRY);
        assertThat(database.differentMessages(app)).isEqualTo(ENTRIES * PER_ENTRY);
    }

    private long pending() {
        return queue.sync().xpending(app, GROUP).getCount();
    }

    private String lastDelivered() {
        List<?> group = (List<?>) queue.sync().xinfoGroups(app).get(0);
        return group.get(group.indexOf("last-delivered-id") + 1).toString();
    }

    private static boolean tableExists() {
        return database.number("SELECT count(*) FROM pg_tables WHERE tablename = 'logs'") == 1;
    }

    private static List<Integer> numbers(Set<Integer> requests) {
        return requests.stream()
                .flatMapToInt(from -> IntStream.range(from, from + PER_REQUEST))
                .boxed()
                .toList();
    }

    /** Send requests one after the other and keep the answer to each. */
    private final class Producers {

        private static final int THREADS = 3;

        private final Api api;
        private final AtomicInteger next = new AtomicInteger();
        private final Set<Integer> accepted = ConcurrentHashMap.newKeySet();
        private final Set<Integer> refused = ConcurrentHashMap.newKeySet();
        private final Set<Integer> otherAnswers = ConcurrentHashMap.newKeySet();
        private final List<Thread> threads;
        private volatile boolean stopping;

        Producers(Api api) {
            this.api = api;
            this.threads =
                    Stream.generate(() -> new Thread(this::send)).limit(THREADS).toList();
            threads.forEach(Thread::start);
        }

        private void send() {
            while (!stopping) {
                int from = next.getAndAdd(PER_REQUEST);
                try {
                    int status = api.ingest(Records.ndjson(app, from, from + PER_REQUEST))
                            .status();
                    (status == 200 ? accepted : status == 503 ? refused : otherAnswers).add(from);
                } catch (UncheckedIOException e) {
                    Pause.millis(5); // refused or broken off: it may be there or not
                }
            }
        }

        void stop() throws InterruptedException {
            stopping = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }
}
