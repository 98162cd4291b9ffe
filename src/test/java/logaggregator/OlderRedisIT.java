package logaggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import logaggregator.ledger.LedgerBook;
import logaggregator.queue.LogQueue;
import logaggregator.support.Api;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.PortForward;
import logaggregator.support.PostgresProcess;
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

/** A Redis that comes back knows less than it has answered: the ledger shows how much is gone, and no more than that. */
class OlderRedisIT {

    private static PostgresProcess postgres;
    private static RedisProcess redis;

    private String stream;
    private InProcessApp door;

    @BeforeAll
    static void startServers() {
        postgres = new PostgresProcess(Servers.newDirectory("older-redis"));
        redis = new RedisProcess(Servers.newDirectory("older-redis"));
    }

    @AfterAll
    static void stopServers() {
        redis.close();
        postgres.close();
    }

    @BeforeEach
    void startDoor(TestInfo test) {
        stream = "older:" + test.getTestMethod().orElseThrow().getName();
        door = newDoor();
    }

    @AfterEach
    void stopDoor() {
        door.close();
        new Database(postgres).execute("TRUNCATE ledger, ledger_deltas, ledger_queues");
    }

    @Test
    void what_it_has_forgotten_is_the_difference_however_much_comes_in_afterwards() {
        accept(door, 10);
        Path older = redis.snapshot();
        accept(door, 7);

        comeBackWith(older);
        try (InProcessApp other = newDoor()) {
            accept(other, 100);
            accept(door, 1);
        }

        awaitBooks(118, 0, 111, 7);
        try (InProcessApp worker = newWorker()) {
            awaitBooks(118, 111, 0, 7);
        }
    }

    @Test
    void what_it_has_forgotten_shows_though_nothing_comes_in_afterwards() {
        accept(door, 10);
        Path older = redis.snapshot();
        accept(door, 7);

        comeBackWith(older);

        awaitBooks(17, 0, 10, 7);
    }

    @Test
    void it_was_noted_before_everything_was_started_again() {
        accept(door, 10);
        Path older = redis.snapshot();
        accept(door, 7);
        door.bean(LedgerBook.class).note();
        door.close();

        comeBackWith(older);
        door = newDoor();

        awaitBooks(17, 0, 10, 7);
    }

    @Test
    void what_was_stored_meanwhile_is_not_missing_and_not_stored_again() {
        try (InProcessApp worker = newWorker()) {
            accept(door, 10);
            awaitBooks(10, 10, 0, 0);
            Path older = redis.snapshot();
            accept(door, 7);
            awaitBooks(17, 17, 0, 0);

            comeBackWith(older);
            accept(door, 5);

            awaitBooks(22, 22, 0, 0);
        }
    }

    @Test
    void what_was_acknowledged_meanwhile_comes_again_and_counts_once() {
        accept(door, 10);
        Path older = redis.snapshot();
        try (InProcessApp worker = newWorker()) {
            awaitBooks(10, 10, 0, 0);
        }

        comeBackWith(older);
        try (InProcessApp worker = newWorker()) {
            accept(door, 5);

            awaitBooks(15, 15, 0, 0);
        }
    }

    @Test
    void when_it_has_forgotten_nothing_nothing_is_missing() {
        accept(door, 10);
        comeBack();
        accept(door, 10);
        comeBack();
        comeBack();
        accept(door, 10);

        awaitBooks(30, 0, 30, 0);
        try (InProcessApp worker = newWorker()) {
            awaitBooks(30, 30, 0, 0);
        }
    }

    @Test
    void what_waits_is_counted_on_through_a_ledger_that_took_nothing_itself() {
        accept(door, 10);
        for (int restart = 0; restart < 2; restart++) {
            comeBack();
            Eventually.passes(() -> door.bean(LedgerBook.class).note());
        }

        awaitBooks(10, 0, 10, 0);
    }

    @Test
    void a_replica_that_becomes_the_master_has_forgotten_what_it_never_got() {
        try (RedisProcess replica = new RedisProcess(Servers.newDirectory("older-redis-replica"));
                PortForward address = new PortForward(redis.port());
                InProcessApp moved = new InProcessApp(
                        postgres, "redis://127.0.0.1:" + address.port() + "/0", stream, "app.roles=api")) {
            accept(moved, 10);
            RedisConsole.ask(replica, console -> console.replicaof("127.0.0.1", redis.port()));
            Eventually.holds(() -> RedisConsole.ask(replica, console -> console.xlen(stream)) > 0);
            RedisConsole.ask(replica, console -> console.replicaofNoOne());
            accept(moved, 7);

            address.moveTo(replica.port());
            accept(moved, 100);

            awaitBooks(moved, 117, 0, 110, 7);
        }
    }

    private InProcessApp newDoor() {
        return new InProcessApp(postgres, redis, stream, "app.roles=api");
    }

    private InProcessApp newWorker() {
        return new InProcessApp(postgres, redis, stream, "app.roles=worker");
    }

    private static void comeBack() {
        redis.kill();
        redis.start();
    }

    private static void comeBackWith(Path older) {
        redis.kill();
        redis.restore(older);
        redis.start();
    }

    /** By Redis: while the way to it is still broken the database takes it, which is another test's business. */
    private static void accept(InProcessApp service, int records) {
        Eventually.holds(() -> takes(service.bean(LogQueue.class)));
        Api.Answer answer = service.api().ingest(Records.ndjson("older", 0, records));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().get("backend").asText()).isEqualTo("redis");
    }

    private static boolean takes(LogQueue queue) {
        try {
            queue.load();
            queue.requireSafe();
            return true;
        } catch (UnavailableException e) {
            return false;
        }
    }

    private void awaitBooks(int accepted, int stored, int inFlight, int difference) {
        awaitBooks(door, accepted, stored, inFlight, difference);
    }

    private static void awaitBooks(InProcessApp service, int accepted, int stored, int inFlight, int difference) {
        Eventually.passes(() -> {
            JsonNode books = service.api().get("/api/v1/ledger").body();
            assertThat(books.path("accepted").asInt())
                    .as("accepted of %s", books)
                    .isEqualTo(accepted);
            assertThat(books.path("stored").asInt()).as("stored of %s", books).isEqualTo(stored);
            assertThat(books.path("in_flight").asInt())
                    .as("in flight of %s", books)
                    .isEqualTo(inFlight);
            assertThat(books.path("difference").asInt()).as("%s", books).isEqualTo(difference);
        });
    }
}
