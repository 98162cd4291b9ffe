package logaggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.XAddArgs;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import logaggregator.queue.LogQueue;
import logaggregator.store.StoreMaintenance;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.PostgresProcess;
import logaggregator.support.Records;
import logaggregator.support.RedisConsole;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.Test;

/**
 * A request went into Redis and, since that didn't answer in time, into the database as well; then Redis was away for
 * days. Its receipt is kept until the entry has been seen.
 */
class ReceiptPruningIT {

    private static final String STREAM = "pruning:stream";
    private static final Duration AGE = Duration.ofDays(5);

    @Test
    void a_receipt_is_kept_while_its_entry_may_come_again() {
        PostgresProcess postgres = Servers.postgres();
        new Database(postgres).execute("CREATE DATABASE pruning");
        Database database = new Database(postgres, "pruning");
        String url = postgres.url().replaceFirst("postgres$", "pruning");
        try (RedisProcess redis = new RedisProcess(Servers.newDirectory("pruning"));
                InProcessApp door = new InProcessApp(url, redis.url(), STREAM, "app.roles=api")) {
            StoreMaintenance maintenance = door.bean(StoreMaintenance.class);
            LogQueue queue = door.bean(LogQueue.class);
            Eventually.holds(() -> door.api()
                    .ingest(Records.ndjson("warm-up", 0, 1))
                    .body()
                    .path("backend")
                    .asText()
                    .equals("redis"));
            redis.signal("STOP");
            assertThat(door.api()
                            .ingest(Records.ndjson("twice", 0, 10))
                            .body()
                            .path("backend")
                            .asText())
                    .isEqualTo("db");
            redis.signal("CONT");
            String partition = ageBy(AGE, redis, database);

            redis.signal("STOP");
            assertThatThrownBy(queue::oldestArrival).isInstanceOf(UnavailableException.class);
            redis.signal("CONT");
            Eventually.holds(() -> isReachable(queue));
            maintenance.pruneReceipts(queue.oldestArrival());
            try (InProcessApp worker = new InProcessApp(url, redis.url(), STREAM, "app.roles=worker")) {
                Eventually.holds(() -> RedisConsole.ask(redis, console -> console.xlen(STREAM)) == 0);
            }

            assertThat(database.logs("twice")).isEqualTo(10);
            // what the copy has left behind grows as old
            database.execute("UPDATE receipts SET stored_at = stored_at - interval '" + AGE + "'");
            maintenance.pruneReceipts(queue.oldestArrival());
            assertThat(database.column("SELECT to_regclass('" + partition + "')::text"))
                    .containsOnlyNulls();
        }
    }

    /** Makes the last entry of the queue, and the receipt of its chunk, as old as that; returns the receipt's partition. */
    private static String ageBy(Duration age, RedisProcess redis, Database database) {
        long then = Instant.now().minus(age).toEpochMilli();
        String day = Instant.ofEpochMilli(then).toString().substring(0, 10);
        database.execute("SELECT ensure_receipts_partition('" + day + "')");
        return RedisConsole.ask(redis, console -> {
            Eventually.holds(() -> console.xlen(STREAM) == 2);
            Map<String, String> entry = new HashMap<>(console.xrevrange(STREAM, Range.create("-", "+"), Limit.from(1))
                    .get(0)
                    .getBody());
            String id = entry.get("id");
            String old = "%012x".formatted(then).replaceFirst("(.{8})", "$1-") + id.substring(13);
            entry.put("id", old);
            entry.put("at", Long.toString(then * 1_000));
            console.del(STREAM);
            console.xadd(STREAM, new XAddArgs().id(then + "-0"), entry);
            database.execute("UPDATE receipts SET id = '" + old + "', stored_at = to_timestamp(" + then
                    + " / 1000.0) WHERE id = '" + id + "'");
            return "receipts_" + day.replace("-", "");
        });
    }

    private static boolean isReachable(LogQueue queue) {
        try {
            queue.oldestArrival();
            return true;
        } catch (UnavailableException e) {
            return false;
        }
    }
}
