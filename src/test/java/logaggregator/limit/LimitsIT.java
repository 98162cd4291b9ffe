package logaggregator.limit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.support.Api;
import logaggregator.support.Api.Answer;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.Records;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What a sender may have, among two processes. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LimitsIT {

    private static final String ADMIN = "an-admin-key-of-the-settings";
    private static final int LIMIT = 1_000;

    private static RedisProcess redis;
    private static AppProcess one;
    private static InProcessApp two;

    @BeforeAll
    static void start() {
        String url = Database.create(Servers.postgres(), "limits");
        redis = new RedisProcess(Servers.newDirectory("limits-redis"));
        one = new AppProcess(
                Servers.newDirectory("limits"),
                Map.of(
                        "DATABASE_URL",
                        url,
                        "REDIS_URL",
                        redis.url(),
                        "INGEST_STREAM",
                        "limits:stream",
                        "API_KEYS",
                        ADMIN,
                        "MAX_NEW_APPS",
                        "20"));
        two = new InProcessApp(
                url, redis.url(), "limits:stream", "access.api-keys=" + ADMIN, "limits.new-apps=20", "app.roles=api");
    }

    @AfterAll
    static void stop() {
        two.close();
        one.close();
        redis.close();
    }

    private static String key(String fields) {
        String body = "{\"name\":\"n\",\"scopes\":[\"ingest\"]" + fields + "}";
        Answer answer = two.api().as(ADMIN).post("/api/v1/keys", body.getBytes(UTF_8));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        String key = answer.body().get("key").asText();
        Eventually.holds(() ->
                one.api().as(key).get("/api/v1/session").body().get("signed_in").asBoolean());
        return key;
    }

    /** Sends single logs from several threads to both until nothing is accepted any more; returns how many were. */
    private static int sendUntilRefused(String key) {
        AtomicInteger accepted = new AtomicInteger();
        Stream.of(
                        one.api().as(key),
                        one.api().as(key),
                        two.api().as(key),
                        two.api().as(key))
                .map(api -> CompletableFuture.runAsync(() -> {
                    for (int refused = 0; refused < 30; ) {
                        int status = api.ingest(Records.json("limits", 1)).status();
                        assertThat(status).isIn(200, 429);
                        refused = status == 429 ? refused + 1 : 0;
                        accepted.addAndGet(status == 200 ? 1 : 0);
                    }
                }))
                .toList()
                .forEach(CompletableFuture::join);
        return accepted.get();
    }

    @Test
    @Order(1)
    void a_request_is_told_what_is_left_and_when_more_may_be_sent() {
        Api api = two.api().as(key(",\"logs_per_minute\":10"));

        Answer first = api.ingest(Records.ndjson("limits-told", 0, 4));
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("RateLimit-Policy")).isEqualTo("\"logs\";q=10;w=60");
        assertThat(first.header("RateLimit")).matches("\"logs\";r=6;t=(6[01]|[1-5]?[0-9])");

        Answer tooMany = api.ingest(Records.ndjson("limits-told", 4, 11));
        assertThat(tooMany.status()).isEqualTo(429);
        assertThat(tooMany.body().get("code").asText()).isEqualTo("rate_limited");
        assertThat(Integer.parseInt(tooMany.header("Retry-After"))).isBetween(1, 61);
        assertThat(api.ingest(Records.ndjson("limits-told", 4, 10)).status()).isEqualTo(200);
        assertThat(api.ingest(Records.json("limits-told", 10)).header("RateLimit"))
                .contains("r=0");
        Answer unread = api.ingest(Records.json("limits-told", 10));
        assertThat(unread.status()).isEqualTo(429);
        assertThat(unread.header("RateLimit")).contains("r=0");
        assertThat(unread.header("RateLimit-Policy")).isEqualTo("\"logs\";q=10;w=60");
        assertThat(Integer.parseInt(unread.header("Retry-After"))).isBetween(1, 61);
        assertThat(api.post("/api/v1/bulk_logs", Records.json("limits-told", 10).getBytes(UTF_8))
                        .status())
                .isEqualTo(429);
        assertThat(api.ingest(Records.ndjson("limits-told", 0, 11)).status()).isIn(413, 429);
    }

    @Test
    @Order(2)
    void a_sender_makes_so_many_apps_and_no_more() {
        Api api = two.api().as(key(",\"logs_per_minute\":0"));
        String known = Records.json("limits-known", 1);
        assertThat(two.api()
                        .as(ADMIN)
                        .post("/api/v1/logs", known.getBytes(UTF_8))
                        .status())
                .isEqualTo(201);
        String names = IntStream.range(0, 10_000)
                .mapToObj(n -> Records.json("limits-app-" + n, n))
                .collect(Collectors.joining("\n"));

        Answer answer = api.ingest(names + "\n" + known);

        assertThat(answer.body().get("enqueued").asInt()).isEqualTo(21);
        assertThat(answer.body().get("rejected_count").asInt()).isEqualTo(9_980);
        assertThat(answer.body().get("rejected").get(0).get("reason").asText()).isEqualTo("app_limit");
        Answer more = api.ingest(Records.json("limits-another", 1));
        assertThat(more.status()).isEqualTo(429);
        assertThat(more.body().get("code").asText()).isEqualTo("app_limit");
        assertThat(Integer.parseInt(more.header("Retry-After"))).isBetween(3_000, 3_660);
        assertThat(api.ingest(known).status()).isEqualTo(200);
    }

    @Test
    @Order(2)
    void a_sender_that_is_refused_all_the_time_takes_nothing_from_another() throws InterruptedException {
        Api noisy = two.api().as(key(",\"logs_per_minute\":10"));
        Api quiet = two.api().as(key(",\"logs_per_minute\":0"));
        String large = Records.ndjson("limits-noisy", 0, 10);
        AtomicBoolean running = new AtomicBoolean(true);
        Set<Integer> statuses = ConcurrentHashMap.newKeySet();
        List<Thread> senders = Stream.generate(() -> new Thread(() -> {
                    while (running.get()) {
                        statuses.add(noisy.ingest(large).status());
                    }
                }))
                .limit(4)
                .toList();
        senders.forEach(Thread::start);
        Eventually.holds(() -> statuses.contains(429));

        for (int n = 0; n < 100; n++) {
            assertThat(quiet.ingest(Records.json("limits-quiet", n)).status()).isEqualTo(200);
        }

        running.set(false);
        for (Thread sender : senders) {
            sender.join();
        }
        assertThat(statuses).containsOnly(200, 429);
    }

    @Test
    @Order(2)
    void records_that_are_refused_cost_as_much_as_the_others() {
        Api api = two.api().as(key(",\"logs_per_minute\":10,\"apps\":[\"limits-own\"]"));

        assertThat(api.ingest(Records.ndjson("limits-of-others", 0, 9)).status())
                .isEqualTo(403);
        Answer unknown = api.ingest("{\"app_id\":987654321,\"level\":\"INFO\",\"service\":\"s\",\"message\":\"m\"}");
        assertThat(unknown.status()).isEqualTo(403);

        assertThat(api.ingest(Records.json("limits-own", 1)).status()).isEqualTo(429);
    }

    @Test
    @Order(2)
    void dead_letters_cost_as_much_as_logs() {
        Api api = two.api().as(key(",\"logs_per_minute\":10"));

        Answer answer = api.ingest(Records.json("limits-dead", 1) + "\n{}".repeat(8), "Idempotency-Key", "dead");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("RateLimit")).contains("r=1");
    }

    @Test
    @Order(2)
    void whoever_names_many_apps_keeps_nobody_waiting_who_names_one() throws InterruptedException {
        Api noisy = two.api().as(key(",\"logs_per_minute\":0"));
        Api quiet = two.api().as(key(",\"logs_per_minute\":0,\"apps\":[\"limits-quiet\"]"));
        String names = IntStream.range(0, 10_000)
                .mapToObj(n -> Records.json("limits-many-" + n, n))
                .collect(Collectors.joining("\n"));
        AtomicBoolean running = new AtomicBoolean(true);
        Set<Integer> statuses = ConcurrentHashMap.newKeySet();
        List<Thread> senders = Stream.generate(() -> new Thread(() -> {
                    while (running.get()) {
                        statuses.add(noisy.ingest(names).status());
                    }
                }))
                .limit(4)
                .toList();
        senders.forEach(Thread::start);
        Eventually.holds(() -> !statuses.isEmpty());

        for (int n = 0; n < 30; n++) {
            // an id that nobody has asked for yet
            String unknown =
                    "{\"app_id\":" + (900_000_000 + n) + ",\"level\":\"INFO\",\"service\":\"s\",\"message\":\"m\"}";
            assertThat(quiet.ingest(Records.json("limits-quiet", n) + "\n" + unknown)
                            .status())
                    .isEqualTo(200);
        }

        running.set(false);
        for (Thread sender : senders) {
            sender.join();
        }
        assertThat(statuses).isSubsetOf(200, 429);
    }

    @Test
    @Order(3)
    void two_processes_let_in_together_what_one_key_may_send_and_without_redis_it_is_still_limited() {
        String key = key(",\"logs_per_minute\":" + LIMIT);

        int accepted = sendUntilRefused(key);

        assertThat(accepted).isBetween(LIMIT, LIMIT * 105 / 100);
        Database database = new Database(Servers.postgres(), "limits");
        Eventually.passes(() -> assertThat(database.logs("limits")).isEqualTo(accepted));

        String second = key(",\"logs_per_minute\":50");
        redis.kill();
        int alone = sendUntilRefused(second);
        assertThat(alone).isBetween(50, 2 * 50);
        // no refusal took anything back that was accepted
        assertThat(database.logs("limits")).isEqualTo(accepted + alone);
    }

    @Test
    @Order(4)
    void without_keys_each_address_has_a_share_and_what_a_client_says_of_its_address_is_not_believed() {
        try (InProcessApp open = new InProcessApp(
                Database.create(Servers.postgres(), "limits_open"),
                Servers.redis().url(),
                "limits-open:stream",
                "server.address=0.0.0.0",
                "access.allow-anonymous=true",
                "limits.logs-per-minute-per-address=5",
                "security.trusted-proxies=127.0.0.1")) {
            List<String> clients =
                    List.of("203.0.113.1", "10.9.9.9, 203.0.113.1", "203.0.113.2", "2001:db8::1", "2001:db8::2");
            List<Integer> statuses = clients.stream()
                    .map(client -> open.api()
                            .ingest(Records.ndjson("open", 0, 5), "X-Forwarded-For", client)
                            .status())
                    .toList();

            assertThat(statuses).containsExactly(200, 429, 200, 200, 429);
        }
    }
}
