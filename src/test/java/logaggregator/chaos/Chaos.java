package logaggregator.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import logaggregator.chaos.Cluster.Node;
import logaggregator.support.Api;
import logaggregator.support.FakeClock;
import logaggregator.support.Servers;

/**
 * Breaks everything at random under load, in rounds, and looks after each round whether every accepted record is stored
 * once or a dead letter. See CONTRIBUTING.md.
 */
public final class Chaos implements AutoCloseable {

    private static final int DEFAULT_RATE = 4_000;
    private static final int DEFAULT_ROUND_SECONDS = 200;
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(60);
    private static final int QUIET_PATIENCE_SECONDS = 180;
    private static final int PROGRESS_MS = 15_000;
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final Path directory = Servers.newDirectory("chaos");
    private final long seed;
    private final Cluster cluster;
    private final Ledger ledger;
    private final Injector injector;
    private final Load load;
    private final Reconciler reconciler;
    private final Report report;
    private final List<String> findings = new ArrayList<>();
    private int round;
    private volatile boolean running;

    Chaos(long seed, int recordsPerSecond, int capacity) {
        this.seed = seed;
        say("seed %d; repeat it with -Dchaos.seed=%d; logs of all processes in %s", seed, seed, directory);
        cluster = new Cluster(directory);
        ledger = new Ledger(capacity);
        injector = new Injector(List.of(
                ProcessFaults.of(cluster),
                RedisFaults.of(cluster),
                PostgresFaults.of(cluster),
                NetworkFaults.of(cluster)));
        load = new Load(cluster, ledger, injector, recordsPerSecond);
        reconciler = new Reconciler(cluster, ledger);
        report = new Report(ledger, injector, load);
        if (!FakeClock.isPossible()) {
            say("clocks don't jump in this run: Debian's package faketime isn't installed");
        }
    }

    /** {@code -Dchaos.minutes=}, {@code chaos.seed=}, {@code chaos.rate=} (records a second), {@code chaos.round=} (seconds). */
    public static void main(String[] arguments) throws Exception {
        double minutes = Double.parseDouble(System.getProperty("chaos.minutes", "10"));
        int rate = Integer.getInteger("chaos.rate", DEFAULT_RATE);
        int roundSeconds = Integer.getInteger("chaos.round", DEFAULT_ROUND_SECONDS);
        int capacity = (int) (rate * (minutes + 10) * 60);
        boolean clean = true;
        try (Chaos chaos = new Chaos(seed(System.currentTimeMillis()), rate, capacity)) {
            long end = System.nanoTime() + (long) (minutes * 60e9);
            while (clean && System.nanoTime() < end) {
                clean = chaos.round(roundSeconds).isEmpty();
            }
            System.out.println();
            System.out.println(chaos.tables());
        }
        System.exit(clean ? 0 : 1);
    }

    static long seed(long otherwise) {
        return Long.getLong("chaos.seed", otherwise);
    }

    /** @return what is wrong after it; nothing when all is well */
    List<String> round(int seconds) throws Exception {
        round++;
        int first = injector.log().size();
        running = true;
        Thread progress = new Thread(this::printProgress, "progress");
        progress.setDaemon(true);
        progress.start();
        load.start(seed + round);
        injector.run(injector.plan(seed + round, seconds));
        load.stop(ANSWER_PATIENCE);
        running = false;
        findings.clear();
        if (!injector.failure().isEmpty()) {
            findings.add(injector.failure());
        }
        findings.addAll(injector.brokenPromises());
        if (!within(QUIET_PATIENCE_SECONDS, this::isQuiet)) {
            findings.add("STUCK: something waits and nobody stores it");
        }
        findings.addAll(reconciler.reconcile());
        load.receipts().checkAll();
        findings.addAll(load.problems());
        checkServiceLedger();
        load.duplicates().look();
        report.addRound();
        say(
                "round %d: %d faults so far, %,d records sent, %,d accepted, dead letters %s: %s",
                round,
                injector.runs(),
                ledger.size(),
                load.accepted(),
                reconciler.reasons(),
                findings.isEmpty() ? "all accounted for" : findings.size() + " findings");
        if (findings.isEmpty()) {
            reconciler.emptyTable();
        } else {
            findings.forEach(System.out::println);
            injector.log().subList(first, injector.log().size()).forEach(System.out::println);
        }
        write("faults.log", injector.log());
        return List.copyOf(findings);
    }

    private boolean isQuiet() {
        try {
            return cluster.isQuiet();
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** Compares with what the service says of itself. */
    private void checkServiceLedger() {
        Node node = cluster.nodes().get(0);
        Api api = new Api(node.app().port());
        within(QUIET_PATIENCE_SECONDS, () -> {
            JsonNode totals = api.get("/api/v1/ledger").body();
            return totals.path("difference").asLong(-1) == 0
                    && totals.path("in_flight").asLong(-1) == 0;
        });
        JsonNode totals = api.get("/api/v1/ledger").body();
        say("the service's own ledger: %s", totals);
        if (totals.path("difference").asLong(-1) != 0
                || totals.path("in_flight").asLong(-1) != 0) {
            findings.add("DIFFERENCE in the service's own ledger: " + totals);
        }
        if (totals.path("dead_lettered").asLong() != reconciler.deadLetters()) {
            findings.add("DEAD LETTERS in the service's own ledger, without those that were replayed: "
                    + totals.path("dead_lettered") + ", that are there or were discarded: " + reconciler.deadLetters());
        }
    }

    String tables() {
        return report.tables();
    }

    private void printProgress() {
        long previous = ledger.size();
        for (Pause.millis(PROGRESS_MS); running; Pause.millis(PROGRESS_MS)) {
            int size = ledger.size();
            say(
                    "round %d: %,d records sent (%,d/s), %,d accepted, %d faults, now: %s",
                    round,
                    size,
                    (size - previous) * 1_000 / PROGRESS_MS,
                    load.accepted(),
                    injector.runs(),
                    injector.name(injector.current()));
            previous = size;
        }
    }

    private static boolean within(int seconds, BooleanSupplier condition) {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Pause.millis(500);
        }
        return true;
    }

    private void write(String file, List<String> lines) {
        try {
            Files.write(directory.resolve(file), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void say(String format, Object... arguments) {
        System.out.println(LocalTime.now().format(SECONDS) + " " + String.format(format, arguments));
    }

    @Override
    public void close() {
        running = false;
        cluster.close();
    }
}
