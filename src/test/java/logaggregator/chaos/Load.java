package logaggregator.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.RedisException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import logaggregator.chaos.Cluster.Node;
import logaggregator.support.Api;
import logaggregator.support.Api.Answer;

/**
 * Sends numbered records from several threads to all processes that accept, and writes the answers down. Half of the
 * requests have a key and are repeated until they are answered; some wait until they are stored; some repeat records that
 * have names; one producer puts its records on the queue by itself. Meanwhile others read receipts and look after dead
 * letters.
 */
final class Load {

    private static final int SENDERS = 12;
    private static final int OPERATORS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_BYPASSING = 5;
    private static final int BYPASS_GAP_MS = 200;
    private static final int REPEAT_GAP_MS = 200;

    private final Cluster cluster;
    private final Ledger ledger;
    private final Injector injector;
    private final Rate rate;
    private final Names names = new Names();
    private final List<Api> apis;
    private final long[] longestOutages;
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicInteger storedAnswers = new AtomicInteger();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final StoredRows storedRows;
    private final Operators operators;
    private final ReceiptReader receipts;
    private final Duplicates duplicates;
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
        this.storedRows = new StoredRows(cluster.database());
        this.operators = new Operators(cluster, ledger, apis, problems, () -> stopping);
        this.receipts = new ReceiptReader(apis, problems, () -> stopping);
        this.duplicates = new Duplicates(cluster.database(), injector);
        storedRows.prepare();
    }

    void start(long seed) {
        stopping = false;
        givingUp = false;
        threads.clear();
        names.clear();
        receipts.reset();
        for (int n = 0; n < SENDERS; n++) {
            Random random = new Random(seed * SENDERS + n);
            threads.add(new Thread(() -> new Sender(random).run(), "sender-" + n));
        }
        for (int n = 0; n < OPERATORS; n++) {
            Random random = new Random(seed * OPERATORS + n);
            threads.add(new Thread(() -> operators.work(random), "operator-" + n));
        }
        threads.add(new Thread(() -> bypass(new Random(seed)), "bypass"));
        threads.add(new Thread(() -> receipts.read(new Random(seed)), "receipts"));
        threads.add(new Thread(() -> duplicates.watch(() -> stopping), "duplicates"));
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

    /** How many requests were answered as stored, and looked for at once. */
    int storedAnswers() {
        return storedAnswers.get();
    }

    Operators operators() {
        return operators;
    }

    ReceiptReader receipts() {
        return receipts;
    }

    Duplicates duplicates() {
        return duplicates;
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
                int size = Request.size(random);
                rate.take(size);
                Request request = Request.next(size, random, ledger, names, injector.current());
                boolean answered = ask(request);
                while (!answered && request.hasKey() && !givingUp) {
                    Pause.millis(REPEAT_GAP_MS);
                    answered = ask(request);
                }
            }
        }

        /** True when it was answered for good. */
        private boolean ask(Request request) {
            if (waitingSince == 0) {
                waitingSince = System.nanoTime();
                waitingUnder = injector.current();
            }
            Answer answer;
            try {
                answer = request.sendTo(apis.get(random.nextInt(apis.size())));
            } catch (UncheckedIOException e) {
                return false;
            }
            if (answer.status() == 200 || answer.status() == 504) {
                outage(waitingUnder, System.nanoTime() - waitingSince);
                waitingSince = 0;
            }
            return note(answer, request);
        }
    }

    /** Writes down what was answered. */
    private boolean note(Answer answer, Request request) {
        int status = answer.status();
        List<Integer> numbers = request.numbers();
        if (status >= 500 && status != 504) {
            if (status != 503) {
                problems.add("status " + status + ": " + answer.body());
            }
            numbers.forEach(number -> ledger.answer(number, Ledger.Answer.ERROR));
            return false;
        }
        Set<Integer> refused = indices(answer.body().path("rejected"));
        int count = answer.body().path("rejected_count").asInt(0);
        boolean adds = answer.body().path("enqueued").asInt(0) + count == numbers.size() && refused.size() == count;
        boolean expected = status == 200 || status == 400 || status == 504 && request.ack() == Request.Ack.STORED;
        if (!adds || !expected) {
            problems.add("status " + status + " for " + request + ": " + answer.body());
        }
        for (int index = 0; index < numbers.size(); index++) {
            ledger.answer(numbers.get(index), refused.contains(index) ? Ledger.Answer.REFUSED : Ledger.Answer.ACCEPTED);
        }
        accepted.addAndGet(numbers.size() - count);
        answer.body().path("receipts").forEach(receipt -> receipts.keep(receipt.asText(), status == 504));
        if (status == 200 && request.ack() == Request.Ack.STORED) {
            checkStored(answer, request, refused);
        }
        return true;
    }

    /** It was answered that all is stored or a dead letter: the rows must be there now. */
    private void checkStored(Answer answer, Request request, Set<Integer> refused) {
        storedAnswers.incrementAndGet();
        Set<Integer> dead = indices(answer.body().path("dead_lettered"));
        List<Integer> stored = IntStream.range(0, request.numbers().size())
                .filter(index -> !refused.contains(index) && !dead.contains(index))
                .mapToObj(request.numbers()::get)
                .toList();
        if (answer.body().path("stored").asInt(-1) != stored.size()) {
            problems.add("NOT ALL STORED " + request + ": " + answer.body());
        }
        Set<Integer> missing = storedRows.missing(stored);
        if (!missing.isEmpty()) {
            problems.add("ANSWERED AS STORED, AND NOT THERE: " + missing + " of " + request + ": " + answer.body());
        }
    }

    private static Set<Integer> indices(JsonNode records) {
        Set<Integer> indices = new HashSet<>();
        records.forEach(one -> indices.add(one.get("index").asInt()));
        return indices;
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
}
