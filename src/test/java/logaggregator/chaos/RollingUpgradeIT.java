package logaggregator.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import logaggregator.support.Api;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.Records;
import logaggregator.support.Servers;
import org.junit.jupiter.api.Test;

/** Processes are replaced one after the other while producers send, as an upgrade does it. */
class RollingUpgradeIT {

    private static final String APP = "rolling_upgrade";
    private static final int PER_REQUEST = 20;
    private static final int REPLACEMENTS = 2;
    private static final int ENOUGH_REQUESTS = 50;

    private final String databaseUrl = Database.create(Servers.postgres(), APP);
    private final Database database = new Database(Servers.postgres(), APP);

    @Test
    void producers_notice_nothing_and_each_record_is_stored_once() throws Exception {
        AppProcess old = start();
        try (LoadBalancer balancer = new LoadBalancer(old)) {
            balancer.awaitMore();
            for (int n = 0; n < REPLACEMENTS; n++) {
                AppProcess next = start();
                balancer.add(next);

                assertThat(old.terminate(ProcessFaults.TIME_TO_END)).isEqualTo(ProcessFaults.ASKED_TO_END);

                assertThat(Files.readAllLines(old.log()))
                        .as("its log has no lines of requests, records or batches")
                        .hasSizeLessThan(ENOUGH_REQUESTS);
                balancer.remove(old);
                balancer.awaitMore();
                old = next;
            }
            balancer.close();

            assertThat(balancer.failures).isEmpty();
            System.out.printf(
                    "%,d records accepted; %d requests were sent to another process%n",
                    balancer.records(), balancer.sentElsewhere.get());
            database.awaitAll(APP, balancer.records());
            assertThat(database.logs(APP)).isEqualTo(balancer.records());
        } finally {
            old.close();
        }
    }

    private AppProcess start() {
        return new AppProcess(
                Servers.newDirectory("rolling-upgrade"),
                Map.of(
                        "DATABASE_URL",
                        databaseUrl,
                        "REDIS_URL",
                        Servers.redis().url(),
                        "INGEST_STREAM",
                        APP,
                        "INGEST_DLQ",
                        APP + ":dlq",
                        "SHUTDOWN_DELAY",
                        "1"));
    }

    /**
     * Producers, and what stands before the service: it sends requests to processes that say they are ready, and sends one again only
     * when that can double nothing: when there was no connection, or the answer is 503.
     */
    private static final class LoadBalancer implements AutoCloseable {

        private static final int PRODUCERS = 3;
        private static final int LOOK_MS = 100;
        private static final int UNAVAILABLE = 503;

        private final List<Backend> backends = new CopyOnWriteArrayList<>();
        private final List<String> failures = new CopyOnWriteArrayList<>();
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger accepted = new AtomicInteger();
        private final AtomicInteger sentElsewhere = new AtomicInteger();
        private final List<Thread> threads;
        private volatile List<Backend> ready;
        private volatile boolean stopping;

        /** @param api keeps its connections */
        private record Backend(AppProcess process, Api api) {}

        LoadBalancer(AppProcess first) {
            add(first);
            ready = List.copyOf(backends);
            threads = Stream.concat(
                            Stream.of(new Thread(this::look)),
                            Stream.generate(() -> new Thread(this::produce)).limit(PRODUCERS))
                    .toList();
            threads.forEach(Thread::start);
        }

        void add(AppProcess process) {
            backends.add(new Backend(process, process.api()));
        }

        void remove(AppProcess process) {
            backends.removeIf(backend -> backend.process() == process);
        }

        void awaitMore() {
            int before = accepted.get();
            Eventually.holds(() -> accepted.get() >= before + ENOUGH_REQUESTS || !failures.isEmpty());
        }

        int records() {
            return accepted.get() * PER_REQUEST;
        }

        private void look() {
            while (!stopping) {
                ready = backends.stream()
                        .filter(backend -> backend.process().isReady())
                        .toList();
                Pause.millis(LOOK_MS);
            }
        }

        private void produce() {
            while (!stopping) {
                int request = next.getAndIncrement();
                String body = Records.ndjson(APP, request * PER_REQUEST, (request + 1) * PER_REQUEST);
                while (!isAnswered(body, request) && !stopping) {
                    sentElsewhere.incrementAndGet();
                    Pause.millis(LOOK_MS);
                }
                Pause.millis(5);
            }
        }

        private boolean isAnswered(String body, int request) {
            List<Backend> candidates = ready;
            if (candidates.isEmpty()) {
                return false;
            }
            try {
                Api.Answer answer = candidates
                        .get(Math.floorMod(request, candidates.size()))
                        .api()
                        .ingest(body);
                if (answer.status() == 200) {
                    accepted.incrementAndGet();
                } else if (answer.status() != UNAVAILABLE) {
                    failures.add(answer.status() + " " + answer.body());
                }
                return answer.status() != UNAVAILABLE;
            } catch (UncheckedIOException e) {
                if (!(e.getCause() instanceof ConnectException)) {
                    failures.add(e.toString());
                    return true;
                }
                return false;
            }
        }

        @Override
        public void close() throws InterruptedException {
            stopping = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }
}
