package logaggregator.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import logaggregator.support.Api.Answer;
import logaggregator.support.Eventually;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What steers Camel's components when it is in a message does nothing when a client sends it: as a header, in any case, as a
 * parameter, however encoded, or as a field of a record. CVE-2025-27636, CVE-2025-29891, CVE-2026-40022 and the like.
 */
@ExtendWith(Door.class)
class ControlHeadersIT {

    private static final String EVIL = "http://127.0.0.1:9/evil?${exchangeProperty.x}{{app.roles}}";

    static Stream<String> names() {
        return Stream.of(
                "CamelHttpUri",
                "CAmelHttpUri",
                "camelhttpuri",
                "CamelHttpPath",
                "CamelHttpQuery",
                "CamelHttpResponseCode",
                "CamelHttpServletRequest",
                "CamelHttpServletResponse",
                "CamelSqlQuery",
                "CamelJdbcParameters",
                "CamelRedis.Command",
                "CamelRedisStreamsId",
                "CamelFileName",
                "CamelBeanMethodName",
                "CAmelBeanMethodName",
                "CamelExecCommandExecutable",
                "CamelExecCommandArgs",
                "CamelToEndpoint",
                "org.apache.camel.x",
                "kafka.OVERRIDE_TOPIC",
                "mail.smtp.host",
                "websocket.sendToAll",
                "operationName",
                "breadcrumbId",
                "Log-Durability",
                "Preference-Applied");
    }

    @ParameterizedTest
    @MethodSource("names")
    void does_nothing_wherever_it_stands(String name) {
        String app = Door.newApp();
        String parameter =
                URLEncoder.encode(name, StandardCharsets.UTF_8) + "=" + URLEncoder.encode(EVIL, StandardCharsets.UTF_8);
        String record = "{\"level\":\"INFO\",\"message\":\"" + EVIL + "\",\"service\":\"s\",\"app\":\"" + app + "\",\""
                + name + "\":\"" + EVIL + "\"}";

        check(name, Door.api().ingest(record, name, EVIL));
        for (String sent : List.of(parameter, "%" + encoded(name, "%") + "=x", "%25" + encoded(name, "%25") + "=x")) {
            check(name, Door.api().post("/api/v1/ingest/?" + sent, record.getBytes(StandardCharsets.UTF_8)));
        }
        check(name, Door.api().ingest(record.replace('"' + name, "\"\\u00" + encoded(name, "\\u00"))));

        Eventually.passes(() -> {
            Answer stored = Door.api().get("/api/v1/logs/?app=" + app);
            assertThat(stored.body()).hasSize(5).allSatisfy(log -> {
                assertThat(log.get("message").asText()).isEqualTo(EVIL);
                assertThat(log.get("metadata_").get(name).asText()).isEqualTo(EVIL);
            });
        });
    }

    /** Each letter by its number, of two hexadecimal digits. */
    private static String encoded(String name, String between) {
        return HexFormat.ofDelimiter(between).formatHex(name.getBytes(StandardCharsets.US_ASCII));
    }

    private static void check(String name, Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.response().body()).isEqualTo("{\"enqueued\":1,\"backend\":\"redis\"}");
        assertThat(answer.response().headers().map().toString().toLowerCase(Locale.ROOT))
                .doesNotContain("evil", "camel")
                .matches(headers -> name.startsWith("Log-") || !headers.contains(name.toLowerCase(Locale.ROOT)));
        assertThat(answer.header("Log-Durability")).isIn("fsync", "everysec", "memory");
    }
}
