package logaggregator.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.RedisException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import logaggregator.chaos.Cluster.Node;
import logaggregator.support.Api;
import logaggregator.support.Api.Answer;

/**
 * Sends numbered records from several threads to all processes that accept, and writes the answers down. Half of the
 * requests have a key and are repeated until they are answered; one producer puts its records on the queue by itself.
 */
final class Load {

    private static final int SENDERS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_RECORDS = 500;
    private static final int MAX_SMALL = 10;
    private static final int UNKNOWN_APPS_IN = 200;
    private static final int MAX_BYPASSING = 5;
    private static final int BYPASS_GAP_MS = 200;
    private static final int REPEAT_GAP_MS = 200;

    private final Cluster cluster;
    private final Ledger ledger;
    private final Injector injector;
    private final Rate rate;
    private final List<Api> apis;
    private final long[] longestOutages;
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;
    private volatile boolean givingUp;

    Load(Cluster cluster, Ledger ledger, Injector injector, int recordsPerSecond) {
        this.cluster = cluster;
        this.ledger = ledger;
        this.injector = injector;
        this.rate = new Rate(recordsPerSecond);
        this.apis = cluster.nodes().stream()
                .filter(Node::accepts)
                .map(node -> new Api(node.app().port(), PATIENCE))
                .toList();
        this.longestOutages = new long[injector.numbers()];
    }

    void start(long seed) {
        stopping = false;
        givingUp = false;
        threads.clear();
        for (int n = 0; n < SENDERS; n++) {
            Random random = new Random(seed * SENDERS + n);
            threads.add(new Thread(() -> new Sender(random).run(), "sender-" + n));
        }
        threads.add(new Thread(() -> bypass(new Random(seed)), "bypass"));
        threads.forEach(Thread::start);
    }

    /** Ends when all requests with a key are answered, or {@code patience} has passed. */
    void stop(Duration patience) throws InterruptedException {
        stopping = true;
        long end = System.nanoTime() + patience.toNanos();
        for (Thread thread : threads) {
            thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        }
        givingUp = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    long accepted() {
        return accepted.get();
    }

    long requests() {
        return requests.get();
    }

    /** Answers that no client may get. */
    List<String> problems() {
        return problems;
    }

    /** The longest time a sender got no 2xx that began under a fault, in milliseconds. */
    long longestOutage(int fault) {
        return longestOutages[fault];
    }

    private synchronized void outage(int fault, long nanos) {
        longestOutages[fault] = Math.max(longestOutages[fault], nanos / 1_000_000);
    }

    /** One thread that sends requests one after the other. */
    private final class Sender {

        private final Random random;
        private long waitingSince;
        private int waitingUnder;

        Sender(Random random) {
            this.random = random;
        }

        void run() {
            while (!stopping) {
                int size = 1 + random.nextInt(random.nextInt(3) == 0 ? MAX_SMALL : MAX_RECORDS);
                rate.take(size);
                send(size);
            }
        }

        private void send(int size) {
            int from = ledger.take(size);
            List<String> records = new ArrayList<>();
            for (int number = from; number < from + size; number++) {
                NumberedRecord kind =
                        random.nextInt(UNKNOWN_APPS_IN) == 0 ? NumberedRecord.OF_UNKNOWN_APP : NumberedRecord.GOOD;
                ledger.send(number, kind, injector.current());
                records.add(kind.json(number));
            }
            String body = random.nextBoolean()
                    ? String.join("\n", records)
                    : records.stream().collect(Collectors.joining(",", "[", "]"));
            String[] headers = random.nextBoolean() ? new String[] {"Idempotency-Key", "chaos-" + from} : new String[0];
            boolean answered = ask(body, headers, from, size);
            while (!answered && headers.length > 0 && !givingUp) {
                Pause.millis(REPEAT_GAP_MS);
                answered = ask(body, headers, from, size);
            }
        }

        /** True when it was answered for good. */
        private boolean ask(String body, String[] headers, int from, int size) {
            if (waitingSince == 0) {
                waitingSince = System.nanoTime();
                waitingUnder = injector.current();
            }
            requests.incrementAndGet();
            Answer answer;
            try {
                answer = apis.get(random.nextInt(apis.size())).ingest(body, headers);
            } catch (UncheckedIOException e) {
                return false;
            }
            if (answer.status() == 200) {
                outage(waitingUnder, System.nanoTime() - waitingSince);
                waitingSince = 0;
            }
            return note(answer, from, size);
        }
    }

    /** Writes down what was answered. */
    private boolean note(Answer answer, int from, int size) {
        int status = answer.status();
        if (status >= 500) {
            if (status != 503) {
                problems.add("status " + status + ": " + answer.body());
            }
            IntStream.range(from, from + size).forEach(number -> ledger.answer(number, Ledger.Answer.ERROR));
            return false;
        }
        JsonNode rejected = answer.body().path("rejected");
        int count = answer.body().path("rejected_count").asInt(0);
        boolean adds = answer.body().path("enqueued").asInt(0) + count == size && rejected.size() == count;
        if (!adds || status != 200 && status != 400) {
            problems.add("status " + status + " for " + size + " records from " + from + ": " + answer.body());
        }
        IntStream.range(from, from + size).forEach(number -> ledger.answer(number, Ledger.Answer.ACCEPTED));
        rejected.forEach(one -> ledger.answer(from + one.get("index").asInt(), Ledger.Answer.REFUSED));
        accepted.addAndGet(size - count);
        return true;
    }

    /** Puts records on the queue that no door has looked at. */
    private void bypass(Random random) {
        while (!stopping) {
            Pause.millis(BYPASS_GAP_MS);
            int size = 1 + random.nextInt(MAX_BYPASSING);
            rate.take(size);
            int from = ledger.take(size);
            List<String> lines = new ArrayList<>();
            for (int number = from; number < from + size; number++) {
                NumberedRecord kind = NumberedRecord.values()[random.nextInt(NumberedRecord.values().length)];
                ledger.send(number, kind, injector.current());
                lines.add(kind.json(number));
            }
            try {
                cluster.redis(commands -> commands.xadd(Cluster.STREAM, "data", String.join("\n", lines)));
                IntStream.range(from, from + size).forEach(number -> ledger.answer(number, Ledger.Answer.ACCEPTED));
                accepted.addAndGet(size);
            } catch (RedisException e) {
                // no answer: it may be there or not
            }
        }
    }

    /** So many records a second, and not many more after a pause. */
    private static final class Rate {

        private static final int MAX_PAUSE_SECONDS = 5;

        private final int perSecond;
        private double available;
        private long last = System.nanoTime();

        Rate(int perSecond) {
            this.perSecond = perSecond;
        }

        void take(int count) {
            while (!tryTake(count)) {
                Pause.millis(5);
            }
        }

        private synchronized boolean tryTake(int count) {
            long now = System.nanoTime();
            available = Math.min(available + (now - last) / 1e9 * perSecond, (double) perSecond * MAX_PAUSE_SECONDS);
            last = now;
            if (available < count) {
                return false;
            }
            available -= count;
            return true;
        }
    }
}
