package logaggregator;

import static logaggregator.support.RedisConsole.ask;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import logaggregator.support.Api.Answer;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.PortForward;
import logaggregator.support.RawConnection;
import logaggregator.support.Records;
import logaggregator.support.RedisProcess;
import logaggregator.support.Sender;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the service demands of Redis before it takes logs: durability, replicas, room. */
class RedisSafetyIT {

    private static final String STREAM = "safety:stream";

    private final Path directory = Servers.newDirectory("redis-safety");
    private final RedisProcess redis = new RedisProcess(directory.resolve("first"));
    private final Database database = new Database(Servers.postgres());

    @AfterEach
    void stop() {
        redis.close();
    }

    @Test
    void a_redis_that_is_not_durable_enough_is_drained_but_not_filled() {
        redis.kill();
        redis.start("--appendfsync", "everysec");
        ask(redis, console -> console.xadd(STREAM, Map.of("data", Records.json("undurable", 0))));
        try (InProcessApp service =
                new InProcessApp(Servers.postgres(), redis, STREAM, "ingest.require-durable=true")) {
            Answer answer = service.api().ingest(Records.ndjson("undurable", 1, 10));

            assertThat(answer.body().get("backend").asText()).isEqualTo("db");
            assertThat(answer.response().headers().firstValue("Log-Durability")).contains("postgres");
            Eventually.holds(() -> database.logs("undurable") == 10);
            Eventually.holds(() -> service.api()
                    .get("/health")
                    .body()
                    .at("/down_since/redis-settings")
                    .isTextual());

            redis.kill();
            redis.start();
            Eventually.holds(() -> service.api()
                    .ingest(Records.json("durable", 1))
                    .body()
                    .path("backend")
                    .asText()
                    .equals("redis"));
        }
    }

    @Test
    void what_a_replica_has_survives_the_master() {
        try (RedisProcess replica = new RedisProcess(directory.resolve("second"));
                PortForward address = new PortForward(redis.port())) {
            ask(replica, console -> console.replicaof("127.0.0.1", redis.port()));
            Eventually.holds(() -> ask(redis, console -> console.waitForReplication(1, 100)) == 1);
            try (InProcessApp service = new InProcessApp(
                            Servers.postgres(),
                            "redis://127.0.0.1:" + address.port() + "/0",
                            STREAM,
                            "ingest.replicas=1");
                    Sender sender = new Sender(service.api(), "failover", false)) {
                Eventually.holds(
                        () -> sender.records() > 2_000 && sender.lastBackend().equals("redis"));

                redis.kill();
                ask(replica, console -> console.replicaofNoOne());
                address.moveTo(replica.port());

                int before = sender.records();
                Eventually.holds(() -> sender.records() > before + 2_000);
                sender.close();
                assertThat(sender.answers()).allMatch(answer -> answer.status() == 200);
                // the new master has no replica: what comes in is in the database, whether or not it is in the stream
                // too
                assertThat(sender.lastBackend()).isEqualTo("db");
                database.awaitAll("failover", sender.records());
                Eventually.holds(() -> ask(replica, console -> console.xpending(STREAM, "ingest-group")
                                .getCount())
                        == 0);
                assertThat(database.logs("failover")).isEqualTo(sender.records());
            }
        }
    }

    @Test
    void nothing_comes_in_while_too_much_waits() {
        try (InProcessApp service =
                new InProcessApp(Servers.postgres(), redis, STREAM, "app.roles=api", "ingest.max-lag=1000")) {
            for (int from = 0; from < 1_500; from += 500) {
                service.api().ingest(Records.ndjson("lag", from, from + 500));
            }
            ledger(1_500, 0);
            Eventually.holds(
                    () -> service.api().ingest(Records.json("refused", 1)).status() == 429);

            Answer answer = service.api().ingest(Records.json("refused", 2));

            assertThat(answer.body().get("code").asText()).isEqualTo("queue_full");
            assertThat(answer.response().headers().firstValue("Retry-After")).contains("30");
            try (RawConnection unsent = new RawConnection(service.port())) {
                unsent.send(RawConnection.post("Content-Length: 1000"));
                assertThat(unsent.answer())
                        .extracting(RawConnection.Answer::status)
                        .isEqualTo(429);
            }
            assertThat(service.api().get("/api/v1/logs/").status()).isEqualTo(200);
            long entries = ask(redis, console -> console.xlen(STREAM));
            ledger(1_500, 800);
            Eventually.holds(
                    () -> service.api().ingest(Records.json("taken", 1)).status() == 200);
            long entriesNow = ask(redis, console -> console.xlen(STREAM));
            assertThat(entriesNow).isEqualTo(entries + 1);
        }
    }

    private void ledger(int accepted, int settled) {
        ask(
                redis,
                console ->
                        console.hset(STREAM + ":ledger", Map.of("accepted", "" + accepted, "settled", "" + settled)));
    }
}
