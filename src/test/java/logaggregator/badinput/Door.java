package logaggregator.badinput;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static logaggregator.badinput.BadInput.APP;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import logaggregator.ingest.json.JsonRecords;
import logaggregator.support.Api;
import logaggregator.support.Api.Answer;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.Servers;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One service for all tests of bad input, and the rules that hold whatever is sent to it. */
public final class Door implements BeforeAllCallback {

    static final int BODY_TIMEOUT_MS = 1_500;

    /** Keeps numbers digit by digit. */
    private static final ObjectMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** A refusal for being too much says how much would do. */
    private static final Map<String, String> LIMITS = Map.of(
            "too_deep", "64 levels",
            "number_too_long", "1000 digits",
            "number_out_of_range", "1e±308",
            "metadata_too_large", "65536 bytes|1000 keys|1024 characters",
            "too_long", "\\d+ characters|1048576 bytes",
            "too_many_records", "50000 records",
            "body_too_large", "16777216 bytes");

    private static final AtomicInteger APPS = new AtomicInteger();
    private static InProcessApp app;

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot()
                .getStore(ExtensionContext.Namespace.create(Door.class))
                .getOrComputeIfAbsent(Door.class, key -> start());
    }

    private static ExtensionContext.Store.CloseableResource start() {
        app = new InProcessApp(
                Servers.postgres(), Servers.redis(), "bad-input:stream", "bodies.timeout-ms=" + BODY_TIMEOUT_MS);
        return app::close;
    }

    static Api api() {
        return app.api();
    }

    static int port() {
        return app.port();
    }

    static String newApp() {
        return "bad-input-" + APPS.incrementAndGet();
    }

    /** Sends it and checks all that is known of the answer, of what is stored, and that the service is as good as before. */
    static void check(BadInput input) {
        String appName = newApp();
        byte[] body = new String(input.body(), ISO_8859_1).replace(APP, appName).getBytes(ISO_8859_1);

        Answer answer = api().ingest(body, input.headers().toArray(String[]::new));

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(input.status());
        if (input.status() == 200) {
            assertThat(answer.body().get("enqueued").asInt()).isEqualTo(input.accepted());
        } else {
            assertProblem(answer, input.code());
        }
        assertThat(reasons(answer.body())).isEqualTo(input.reasons());
        answer.body().path("rejected").forEach(rejected -> assertTellsLimit(rejected, "reason", "error"));
        assertThat(answer.body().path("rejected_count").asInt())
                .isEqualTo(input.reasons().size());
        List<JsonNode> stored = storedBeforeANewOne(appName + input.appSuffix());
        assertThat(stored).hasSize(input.accepted());
        input.stored().accept(stored);
    }

    /** What is stored of an application, in the order sent, once a good record sent now is stored too. */
    static List<JsonNode> storedBeforeANewOne(String appName) {
        String marker = newApp();
        Answer next = api().ingest(JsonRecords.record("app", '"' + marker + '"'));
        assertThat(next.status()).as("the next good request").isEqualTo(200);
        Eventually.passes(() -> assertThat(logs(marker)).hasSize(1));
        return logs(appName);
    }

    static List<JsonNode> logs(String appName) {
        Answer answer = api().get("/api/v1/logs/?limit=1000&app=" + URLEncoder.encode(appName, UTF_8));
        assertThat(answer.status()).isEqualTo(200);
        List<JsonNode> logs = new ArrayList<>();
        read(answer.response().body()).forEach(logs::add);
        logs.sort((a, b) -> Long.compare(a.get("id").asLong(), b.get("id").asLong()));
        return logs;
    }

    /** A problem tells what is wrong in a sentence and a code, and nothing of the inside. */
    static void assertProblem(Answer answer, String code) {
        assertThat(answer.response().headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body().get("code").asText()).isEqualTo(code);
        assertThat(answer.body().get("detail").asText()).isNotBlank();
        assertTellsLimit(answer.body(), "code", "detail");
        assertThat(answer.response().body())
                .doesNotContain("Exception", "Constraints", "java.", "logaggregator.", "\tat ");
    }

    private static void assertTellsLimit(JsonNode refusal, String code, String text) {
        String limit = LIMITS.getOrDefault(refusal.get(code).asText(), "");
        assertThat(refusal.get(text).asText()).containsPattern(limit);
    }

    private static JsonNode read(String json) {
        try {
            return EXACT.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }

    private static List<String> reasons(JsonNode answer) {
        return StreamSupport.stream(answer.path("rejected").spliterator(), false)
                .map(rejected -> rejected.get("reason").asText())
                .toList();
    }
}
