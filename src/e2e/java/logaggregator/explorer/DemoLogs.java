package logaggregator.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import logaggregator.support.Api;
import logaggregator.support.Eventually;

/** Logs of a shop during the last hours, with a burst of errors in between. */
final class DemoLogs {

    static final int MANY = 100_000;

    static final Set<String> APPS = Set.of("billing", "platform", "shop");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int AT_ONCE = 10_000;
    private static final int SECONDS = 20 * 3_600;

    private static final Map<String, List<String>> SERVICES = Map.of(
            "shop", List.of("checkout", "cart", "catalog", "payment"),
            "billing", List.of("invoices", "ledger"),
            "platform", List.of("gateway", "auth", "mailer"));

    private static final Map<String, List<String>> MESSAGES = Map.of(
            "DEBUG", List.of("pool: %d idle, %d active", "looked up user %d in %d µs"),
            "INFO", List.of("order %d placed by user %d", "GET /cart/%d 200 in %d ms", "session %d opened for user %d"),
            "WARNING", List.of("payment %d is tried again after %d ms", "slow query for order %d: %d ms"),
            "ERROR", List.of("payment %d failed: card declined after %d ms", """
                            timeout calling inventory for order %d after %d ms
                            java.net.SocketTimeoutException: Read timed out
                            \tat shop.Inventory.reserve(Inventory.java:112)
                            \tat shop.Checkout.place(Checkout.java:88)"""),
            "CRITICAL", List.of("no connection to the database left: %d wait since %d ms"));

    private final Random random = new Random(1);
    private final Instant now = Instant.now();

    /** Sends so many, and waits until they are stored. */
    static void send(Api api, int count) {
        DemoLogs logs = new DemoLogs();
        for (int sent = 0; sent < count; sent += AT_ONCE) {
            String body = IntStream.range(0, Math.min(AT_ONCE, count - sent))
                    .mapToObj(n -> json(logs.next()))
                    .collect(Collectors.joining("\n"));
            assertThat(api.ingest(body).status()).isEqualTo(200);
        }
        Eventually.passes(() -> assertThat(count(api, "")).isEqualTo(count));
    }

    /** How many logs there are. @param filter parameters of the API */
    static int count(Api api, String filter) {
        return api.get("/api/v1/stats/?" + filter).body().get("total_logs").asInt();
    }

    /** Some of this moment, a line each. */
    static String fresh(int count) {
        DemoLogs logs = new DemoLogs();
        return IntStream.range(0, count)
                .mapToObj(n -> {
                    Map<String, Object> log = logs.next();
                    log.remove("timestamp");
                    return json(log);
                })
                .collect(Collectors.joining("\n"));
    }

    /** A good one, and three that become dead letters, each for another reason. */
    static void sendWhatCannotBeStored(Api api, String app) {
        // under a key that is no reason to refuse the request
        String records = """
                {"level":"INFO","message":"a good one","service":"checkout","app":"%1$s"}
                {"level":"ERROR","message":"of an app that was deleted","service":"checkout","app_id":999}
                {"level":"ERROR","message":"of no service","app":"%1$s"}
                {"level":"INFO","message":"from the day after tomorrow","service":"s","app":"%1$s","timestamp":"2099-01-01T00:00:00Z"}
                """.formatted(app);
        assertThat(api.ingest(records, "Idempotency-Key", "pages").status()).isEqualTo(200);
        Eventually.passes(() -> assertThat(api.get("/api/v1/dlq/").body()).hasSizeGreaterThanOrEqualTo(3));
    }

    private Map<String, Object> next() {
        boolean burst = random.nextInt(10) == 0;
        double age = burst ? 0.3 + 0.02 * random.nextDouble() : Math.pow(random.nextDouble(), 1.3);
        String level = level(burst ? 60 + random.nextInt(40) : random.nextInt(100));
        String app = oneOf(List.of("billing", "platform", "shop"));
        String message = oneOf(MESSAGES.get(level)).formatted(random.nextInt(10_000), random.nextInt(900));
        return new HashMap<>(Map.of(
                "level",
                level,
                "app",
                app,
                "service",
                oneOf(SERVICES.get(app)),
                "timestamp",
                now.minusMillis(1_000 + (long) (age * SECONDS * 1_000)).toString(),
                "message",
                message,
                "metadata_",
                Map.of(
                        "ms", random.nextInt(2_000),
                        "user", oneOf(List.of("anna", "ben", "chloe", "dev", "emil")),
                        "http", Map.of("status", oneOf(List.of(200, 200, 404, 500)), "method", "GET"),
                        "region", oneOf(List.of("eu-west", "us-east")))));
    }

    private static String level(int percent) {
        return percent < 15
                ? "DEBUG"
                : percent < 83 ? "INFO" : percent < 93 ? "WARNING" : percent < 99 ? "ERROR" : "CRITICAL";
    }

    private <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
