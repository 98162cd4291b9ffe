package logaggregator.property;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import logaggregator.property.Scenario.Kind;
import logaggregator.property.Scenario.Line;
import logaggregator.property.Scenario.Parcel;
import logaggregator.support.Database;
import logaggregator.support.InProcessApp;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * However records are grouped, repeated, mixed and delivered, and wherever a worker dies: the good ones are stored once, the
 * bad ones are dead letters once, and the ledger adds up. {@code -Dtest.seed=} repeats the scenario of a failure,
 * {@code -Dtest.seconds=} tries others for longer.
 */
class EachRecordOnceIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(Long.getLong("test.seconds", 15));

    private static ExecutorService threads;
    private static InProcessApp app;
    private static Database database;

    @BeforeAll
    static void start() {
        threads = Executors.newFixedThreadPool(Scenario.WORKERS);
        // no worker: those of the scenarios are the only ones
        app = new InProcessApp(
                Servers.postgres(),
                Servers.redis(),
                "each-record-once:stream",
                "app.roles=api",
                "ingest.max-message-length=" + ScenarioRun.MAX_MESSAGE);
        database = new Database(Servers.postgres());
        database.execute("CREATE OR REPLACE FUNCTION refuse_by_message() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " IF NEW.message LIKE '" + Kind.REFUSED_AS_TOO_LONG + "%' THEN"
                + " RAISE EXCEPTION 'made by a test' USING ERRCODE = '22001';"
                + " ELSIF NEW.message LIKE '" + Kind.REFUSED_BY_CHECK + "%' THEN"
                + " RAISE EXCEPTION 'made by a test' USING ERRCODE = '23514';"
                + " END IF; RETURN NEW; END $$");
        database.execute("CREATE TRIGGER refuse_by_message BEFORE INSERT ON logs"
                + " FOR EACH ROW EXECUTE FUNCTION refuse_by_message()");
    }

    @AfterAll
    static void stop() {
        database.execute("DROP TRIGGER refuse_by_message ON logs");
        app.close();
        threads.shutdown();
    }

    @Test
    void good_records_are_stored_once_and_bad_ones_are_dead_letters_once() {
        Long chosen = Long.getLong("test.seed");
        long seed = chosen == null ? System.nanoTime() : chosen;
        long end = System.nanoTime() + (chosen == null ? LONG_ENOUGH.toNanos() : 0);
        do {
            check(seed);
            seed++;
        } while (System.nanoTime() < end);
    }

    private static void check(long seed) {
        Scenario scenario = Scenario.random(new Random(seed));
        Optional<Throwable> failure = failure(scenario);
        if (failure.isEmpty()) {
            return;
        }
        String found = "-Dtest.seed=" + seed + ": " + failure.get().getMessage();
        Scenario smallest = smallest(scenario);
        throw new AssertionError(found + "\nthe smallest that fails: " + smallest, failure.get());
    }

    private static Scenario smallest(Scenario failing) {
        return failing.smaller()
                .filter(smaller -> failure(smaller).isPresent())
                .findFirst()
                .map(EachRecordOnceIT::smallest)
                .orElse(failing);
    }

    private static Optional<Throwable> failure(Scenario scenario) {
        try {
            ScenarioRun run = new ScenarioRun(scenario, app, database);
            assertAddsUp(scenario, run, run.run(threads));
            return Optional.empty();
        } catch (RuntimeException | AssertionError e) {
            return Optional.of(e);
        }
    }

    private static void assertAddsUp(Scenario scenario, ScenarioRun run, Outcome outcome) {
        Map<Object, List<JsonNode>> good = scenario.lines().stream()
                .filter(line -> line.kind() == Kind.GOOD)
                .collect(Collectors.groupingBy(run::identity, Collectors.mapping(run::row, Collectors.toList())));
        Set<JsonNode> rows = new HashSet<>(outcome.rows());
        assertThat(outcome.rows()).as("rows").doesNotHaveDuplicates().hasSize(good.size());
        good.values().forEach(same -> assertThat(same).as("stored of these").satisfiesOnlyOnce(row -> assertThat(rows)
                .contains(row)));

        List<Integer> dead = new ArrayList<>();
        List<Integer> deadOrRepeated = new ArrayList<>();
        for (Parcel parcel : scenario.parcels()) {
            for (Line line : parcel.lines()) {
                if (isBad(line, parcel)) {
                    // refused only when it is tried before the good one of the same key
                    boolean repeated = line.kind().isRefusedByDatabase() && good.containsKey(run.identity(line));
                    (repeated ? deadOrRepeated : dead).add(line.number());
                }
            }
        }
        List<Integer> surplus = new ArrayList<>(outcome.letters());
        surplus.removeAll(deadOrRepeated);
        assertThat(outcome.letters()).as("dead letters").doesNotHaveDuplicates();
        assertThat(surplus).as("dead letters").containsExactlyInAnyOrderElementsOf(dead);

        assertThat(outcome.queue().settled()).as("settled of the queue").isEqualTo(outcome.acceptedByQueue());
        assertThat(outcome.elsewhere().settled()).as("settled elsewhere").isEqualTo(outcome.acceptedElsewhere());
        List.of(outcome.queue(), outcome.elsewhere())
                .forEach(line -> assertThat(line.stored() + line.duplicate() + line.deadLettered())
                        .as("sum of %s", line)
                        .isEqualTo(line.settled()));
        assertThat(outcome.queue().stored() + outcome.elsewhere().stored())
                .as("stored")
                .isEqualTo(outcome.rows().size());
        long deadLettered = outcome.queue().deadLettered() + outcome.elsewhere().deadLettered();
        assertThat(deadLettered).as("dead-lettered").isEqualTo(outcome.letters().size());
    }

    /** Whether it must become a dead letter. */
    private static boolean isBad(Line line, Parcel parcel) {
        return switch (line.kind()) {
            case GOOD -> false;
            case BROKEN -> parcel.foreign(); // the door tells the client
            default -> true;
        };
    }
}
