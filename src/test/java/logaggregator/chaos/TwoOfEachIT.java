package logaggregator.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import logaggregator.support.Api;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.PostgresProcess;
import logaggregator.support.Records;
import logaggregator.support.RedisConsole;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.Test;

/**
 * Two processes accept and two store, side by side on one Redis and one PostgreSQL, until one of those that store is killed.
 * {@code -Dtest.logs=1000000} for more logs.
 */
class TwoOfEachIT {

    private static final int LOGS = Integer.getInteger("test.logs", 200_000);
    private static final int PER_REQUEST = 500;
    private static final int PRODUCERS = 4;
    private static final int ATTEMPTS = 200;
    private static final String KILLED = "worker-1";
    private static final String APP = "two-of-each";

    @Test
    void each_worker_does_its_share_and_of_one_that_is_killed_nothing_is_lost_or_doubled() throws Exception {
        Path directory = Servers.newDirectory("two-of-each");
        try (PostgresProcess postgres = new PostgresProcess(directory);
                RedisProcess redis = new RedisProcess(directory.resolve("redis"));
                AppProcess first = start("api", "api-1", postgres, redis);
                AppProcess second = start("api", "api-2", postgres, redis);
                AppProcess killed = start("worker", KILLED, postgres, redis);
                AppProcess left = start("worker", "worker-2", postgres, redis)) {
            List.of(first, second, killed, left).forEach(process -> Eventually.holds(process::isReady));
            Producers producers = new Producers(List.of(first.api(), second.api()));

            producers.awaitAccepted(LOGS / 2);
            long ofKilled = stored(killed);
            long ofLeft = stored(left);
            long inItsHands = stopAmidABatch(killed, redis);
            killed.kill();
            producers.awaitEnd();

            System.out.printf(
                    "%,d logs accepted; when worker-1 was killed it had stored %,d, worker-2 %,d; %d entries in its hands%n",
                    LOGS, ofKilled, ofLeft, inItsHands);
            assertThat(Math.min(ofKilled, ofLeft)).isGreaterThan((ofKilled + ofLeft) / 5);
            Database database = new Database(postgres);
            database.awaitAll(APP, LOGS);
            Eventually.passes(() -> assertBooksClose(second.api()));
            assertThat(database.logs(APP)).isEqualTo(LOGS);
        }
    }

    private static AppProcess start(String role, String name, PostgresProcess postgres, RedisProcess redis) {
        return AppProcess.launched(
                Servers.newDirectory(name),
                Map.of(
                        "APP_ROLES", role,
                        "DATABASE_URL", postgres.url(),
                        "REDIS_URL", redis.url(),
                        "INGEST_CONSUMER", name,
                        "INGEST_CLAIM_IDLE_MS", Integer.toString(Cluster.CLAIM_IDLE_MS)));
    }

    /** Holds it while it has entries that it hasn't acknowledged; returns how many. */
    private static long stopAmidABatch(AppProcess worker, RedisProcess redis) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            worker.signal("STOP");
            long pending = RedisConsole.ask(redis, console -> console.xpending(Cluster.STREAM, Cluster.GROUP))
                    .getConsumerMessageCount()
                    .entrySet()
                    .stream()
                    .filter(consumer -> consumer.getKey().startsWith(KILLED))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
            if (pending > 0) {
                return pending;
            }
            worker.signal("CONT");
            Pause.millis(10);
        }
        throw new IllegalStateException("it never had anything to do");
    }

    private static long stored(AppProcess worker) {
        return worker.management()
                .get("/actuator/prometheus")
                .response()
                .body()
                .lines()
                .filter(line -> line.startsWith("logaggregator_logs_stored_total "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static void assertBooksClose(Api api) {
        JsonNode ledger = api.get("/api/v1/ledger").body();
        assertThat(ledger.path("accepted").asLong()).isEqualTo(LOGS);
        assertThat(ledger.path("stored").asLong()).isEqualTo(LOGS);
        for (String other : List.of("duplicate", "dead_lettered", "in_flight", "difference")) {
            assertThat(ledger.path(other).asLong(-1)).as(other).isZero();
        }
    }

    /** Send all logs, to each process in turn, and expect that each is accepted. */
    private static final class Producers {

        private final ExecutorService threads = Executors.newFixedThreadPool(PRODUCERS);
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger accepted = new AtomicInteger();
        private final List<Future<?>> running;

        Producers(List<Api> apis) {
            running = IntStream.range(0, PRODUCERS)
                    .<Future<?>>mapToObj(n -> threads.submit(() -> send(apis.get(n % apis.size()))))
                    .toList();
        }

        private void send(Api api) {
            for (int from = next.getAndAdd(PER_REQUEST); from < LOGS; from = next.getAndAdd(PER_REQUEST)) {
                Api.Answer answer = api.ingest(Records.ndjson(APP, from, from + PER_REQUEST));
                assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
                accepted.addAndGet(answer.body().path("enqueued").asInt());
            }
        }

        void awaitAccepted(int logs) {
            Eventually.holds(() -> accepted.get() >= logs || running.stream().allMatch(Future::isDone));
        }

        void awaitEnd() throws Exception {
            threads.shutdown();
            assertThat(threads.awaitTermination(Duration.ofMinutes(5).toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            for (Future<?> one : running) {
                one.get();
            }
            assertThat(accepted).hasValue(LOGS);
        }
    }
}
