package logaggregator.alert;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import logaggregator.support.Eventually;
import logaggregator.support.HttpReceiver;
import logaggregator.support.InProcessApp;
import logaggregator.support.Servers;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The channels that come with the program, against servers that look at what they are sent. */
@ExtendWith(OutputCaptureExtension.class)
class BuiltInChannelsIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECRET = "s3cret";
    private static final String SIGNING_SECRET = "signing-s3cret-of-a-test";
    private static final String USER = "operator-s3cret";
    private static final AlertNotice NOTICE =
            Notices.firing("ERROR", "ERROR: 12 logs in 60s\n\"quoted\" \\ ${env:PATH} {rule}");

    private static HttpReceiver receiver;
    private static GreenMail mail;
    private static InProcessApp app;
    private static Notifier notifier;

    @BeforeAll
    static void start() {
        receiver = new HttpReceiver();
        mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        mail.setUser("team@example.org", USER, "mail-s3cret");
        mail.getUserManager().setAuthRequired(true);
        app = app(
                "channels:stream",
                "notify.webhook.url=" + receiver.url("/hook/webhook-s3cret?key=s3cret"),
                "notify.webhook.secret=" + SIGNING_SECRET,
                "notify.slack.url=" + receiver.url("/services/T0/slack-s3cret"),
                "notify.telegram.token=123:telegram-s3cret",
                "notify.telegram.chat=-10042",
                "notify.telegram.api=" + receiver.url("/"),
                "notify.email.user=" + USER,
                "notify.email.password=mail-s3cret",
                "notify.email.port=" + mail.getSmtp().getPort());
        notifier = new Notifier(app);
    }

    private static InProcessApp app(String stream, String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "notify.email.to=team@example.org,other@example.org",
                "notify.email.from=logs@example.org",
                "notify.email.host=127.0.0.1",
                "notify.email.tls=none",
                "notify.try-timeout-ms=1000",
                "notify.timeout-ms=6000",
                "routes.dir=target/no-such-folder"));
        all.addAll(List.of(settings));
        return new InProcessApp(Servers.postgres(), Servers.redis(), stream, all.toArray(new String[0]));
    }

    @AfterAll
    static void stop() {
        app.close();
        mail.stop();
        receiver.close();
    }

    @AfterEach
    void works_again() {
        receiver.answer(200, "ok");
        receiver.speakAgain();
        receiver.forget();
    }

    @Test
    void all_that_are_configured_are_told(CapturedOutput output) {
        List<ChannelResult> results = notifier.tell(NOTICE);

        assertThat(results)
                .extracting(ChannelResult::channel)
                .containsExactlyInAnyOrder("print", "webhook", "slack", "telegram", "email");
        assertThat(results).allSatisfy(result -> assertThat(result.error()).isNull());
        assertThat(output.getOut())
                .containsOnlyOnce("[ALERT]")
                .contains("[ALERT] ERROR: 12 logs in 60s | \"quoted\" \\ ${env:PATH} {rule}\n");
    }

    @Test
    void the_webhook_is_posted_the_record() throws Exception {
        assertThat(notifier.tellOne(NOTICE, "webhook").delivered()).isTrue();
        notifier.tellOne(Notices.resolved("ERROR", "over"), "webhook");

        List<HttpReceiver.Request> requests = receiver.requests("/hook/webhook-s3cret?key=s3cret");
        HttpReceiver.Request request = requests.get(0);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.headers()).containsEntry("content-type", "application/json");
        assertThat(request.headers().keySet()).noneMatch(name -> name.startsWith("camel"));
        assertSigned(request);
        JsonNode body = JSON.readTree(request.body());
        assertThat(body).isEqualTo(JSON.readTree("""
                        {"rule":"ERROR","severity":"critical","state":"firing","count":12,"group":"db",
                         "started_at":"2026-01-31T12:00:00Z","ended_at":null,"expires_at":"2036-01-31T12:00:00Z","link":"http://logs.example/?q=x"}""").<ObjectNode>deepCopy().put("message", NOTICE.message()));
        assertThat(JSON.readTree(requests.get(1).body()).get("state").asText()).isEqualTo("resolved");
        assertThat(JSON.readTree(requests.get(1).body()).get("ended_at").asText())
                .isEqualTo("2026-01-31T12:01:30Z");
    }

    /** As a receiver would: with openssl or the like. */
    private static void assertSigned(HttpReceiver.Request request) throws Exception {
        Matcher signature = Pattern.compile("t=(\\d+),v1=([0-9a-f]{64})")
                .matcher(request.headers().get("webhook-signature"));
        assertThat(signature.matches()).isTrue();
        assertThat(Long.parseLong(signature.group(1))).isCloseTo(Instant.now().getEpochSecond(), within(120L));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SIGNING_SECRET.getBytes(UTF_8), "HmacSHA256"));
        byte[] signed = mac.doFinal((signature.group(1) + "." + request.body()).getBytes(UTF_8));
        assertThat(signature.group(2)).isEqualTo(HexFormat.of().formatHex(signed));
    }

    @Test
    void slack_is_posted_a_text() throws Exception {
        assertThat(notifier.tellOne(NOTICE, "slack").delivered()).isTrue();

        JsonNode body = JSON.readTree(
                receiver.requests("/services/T0/slack-s3cret").get(0).body());
        assertThat(body.get("text").asText())
                .isEqualTo("Alert: ERROR (db), critical\n" + NOTICE.message() + "\nhttp://logs.example/?q=x");
        notifier.tellOne(Notices.firing("ERROR", "<!channel>"), "slack");
        assertThat(receiver.requests("/services/T0/slack-s3cret").get(1).body()).contains("&lt;!channel&gt;");
    }

    @Test
    void telegram_is_posted_a_message_for_the_chat() throws Exception {
        assertThat(notifier.tellOne(NOTICE, "telegram").delivered()).isTrue();

        JsonNode body = JSON.readTree(
                receiver.requests("/bot123:telegram-s3cret/sendMessage").get(0).body());
        assertThat(body.get("chat_id").asText()).isEqualTo("-10042");
        assertThat(body.get("text").asText())
                .startsWith("Alert: ERROR (db), critical\n")
                .contains(NOTICE.message());
    }

    @Test
    void mail_is_sent_with_a_login() throws Exception {
        mail.purgeEmailFromAllMailboxes();

        assertThat(notifier.tellOne(NOTICE, "email").error()).isNull();

        MimeMessage message = mail.getReceivedMessages()[0];
        assertThat(mail.getReceivedMessages()).hasSize(2);
        assertThat(message.getSubject()).startsWith("[critical] ERROR: 12 logs in 60s | \"quoted\"");
        assertThat(message.getFrom()[0]).hasToString("logs@example.org");
        assertThat(message.getAllRecipients()).hasSize(2);
        assertThat(message.getContent().toString().replace("\r\n", "\n"))
                .startsWith("Alert: ERROR (db), critical\nERROR: 12 logs in 60s\n");
    }

    @Test
    void mail_is_sent_without_a_login_to_a_server_that_wants_none_and_alertmanager_told_by_its_api() throws Exception {
        GreenMail relay = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        relay.start();
        try (InProcessApp other = app(
                "channels-relay:stream",
                "app.roles=alerts",
                "notify.print.enabled=false",
                "notify.alertmanager.url=" + receiver.url("/manager/"),
                "notify.email.port=" + relay.getSmtp().getPort())) {
            Notifier all = new Notifier(other);
            List<ChannelResult> results = all.tell(NOTICE);

            assertThat(results).extracting(ChannelResult::channel).containsExactlyInAnyOrder("email", "alertmanager");
            assertThat(results).allSatisfy(result -> assertThat(result.error()).isNull());
            assertThat(relay.getReceivedMessages()).hasSize(2);

            all.tellOne(Notices.resolved("ERROR", "over"), "alertmanager");
            List<HttpReceiver.Request> requests = receiver.requests("/manager/api/v2/alerts");
            assertThat(requests).extracting(HttpReceiver.Request::method).containsExactly("POST", "POST");
            JsonNode firing = JSON.readTree(requests.get(0).body()).get(0);
            JsonNode over = JSON.readTree(requests.get(1).body()).get(0);
            assertThat(firing.get("labels")).isEqualTo(JSON.readTree("""
                            {"alertname":"ERROR","severity":"critical","group":"db","source":"log-aggregator"}"""));
            assertThat(firing.get("startsAt").asText()).isEqualTo("2026-01-31T12:00:00Z");
            assertThat(firing.get("endsAt").asText()).isEqualTo("2036-01-31T12:00:00Z");
            // the same alert, with an end
            assertThat(over.get("labels")).isEqualTo(firing.get("labels"));
            assertThat(over.get("endsAt").asText()).isEqualTo("2026-01-31T12:01:30Z");
        } finally {
            relay.stop();
        }
    }

    @Test
    void what_is_not_configured_is_off() {
        Eventually.passes(() -> assertThat(app.bean(AlertChannels.class).channels())
                .filteredOn(ChannelStatus::started)
                .extracting(ChannelStatus::name)
                .containsExactlyInAnyOrder("print", "webhook", "slack", "telegram", "email"));
        assertThat(app.bean(AlertChannels.class).channels())
                .extracting(ChannelStatus::name)
                .contains("alertmanager");
    }

    @Test
    void a_server_that_hangs_does_not_delay_the_others_and_is_given_up() {
        receiver.fallSilent();

        List<ChannelResult> results = notifier.tell(NOTICE, "print", "webhook", "email");

        assertThat(results).filteredOn(ChannelResult::delivered).hasSize(2).allSatisfy(result -> assertThat(
                        result.tookMillis())
                .isLessThan(1_000));
        ChannelResult webhook = results.stream()
                .filter(result -> result.channel().equals("webhook"))
                .findFirst()
                .orElseThrow();
        assertThat(webhook.delivered()).isFalse();
        assertThat(webhook.attempts()).isEqualTo(3);
        assertThat(webhook.tookMillis()).isLessThan(6_500);
        assertThat(receiver.requests()).hasSize(3);
    }

    @Test
    void failures_are_counted_for_each_channel() {
        JsonNode before = app.api().get("/api/v1/alerts/channels").body();
        receiver.answer(500, "no");
        notifier.tell(NOTICE, "webhook", "print");
        notifier.tell(NOTICE, "webhook");
        receiver.answer(200, "ok");
        notifier.tell(NOTICE, "webhook");

        JsonNode after = app.api().get("/api/v1/alerts/channels").body();
        assertThat(count(after, "webhook", "failed") - count(before, "webhook", "failed"))
                .isEqualTo(2);
        assertThat(count(after, "webhook", "delivered") - count(before, "webhook", "delivered"))
                .isEqualTo(1);
        assertThat(count(after, "print", "failed")).isEqualTo(count(before, "print", "failed"));
        assertThat(count(after, "print", "delivered") - count(before, "print", "delivered"))
                .isEqualTo(1);
        assertThat(count(after, "slack", "failed")).isEqualTo(count(before, "slack", "failed"));
    }

    private static long count(JsonNode channels, String name, String field) {
        return StreamSupport.stream(channels.spliterator(), false)
                .filter(channel -> channel.get("name").asText().equals(name))
                .findFirst()
                .orElseThrow()
                .get(field)
                .asLong();
    }

    @Test
    void nothing_shows_a_secret(CapturedOutput output) throws Exception {
        for (int status : new int[] {302, 400, 404, 500}) {
            receiver.answer(status, "you sent s3cret");
            assertThat(notifier.tell(NOTICE, "webhook", "slack", "telegram")).allSatisfy(result -> {
                assertThat(result.delivered()).isFalse();
                assertThat(result.error())
                        .contains("http://127.0.0.1", String.valueOf(status))
                        .doesNotContain(SECRET);
            });
        }
        receiver.fallSilent();
        assertThat(notifier.tell(NOTICE, "webhook", "slack", "telegram"))
                .allSatisfy(result -> assertThat(result.error()).isNotBlank().doesNotContain(SECRET));
        mail.getUserManager().deleteUser(mail.getUserManager().getUserByEmail("team@example.org"));
        assertThat(notifier.tellOne(NOTICE, "email").error()).isNotBlank().doesNotContain(SECRET);
        mail.setUser("team@example.org", USER, "mail-s3cret");

        CamelContext camel = app.bean(CamelContext.class);
        assertThat(camel.getEndpoints())
                .extracting(Endpoint::getEndpointUri)
                .anyMatch(uri -> uri.contains("notify-webhook"))
                .noneMatch(uri -> uri.contains(SECRET));
        for (Route route : camel.getRoutesByGroup("notify")) {
            NamedNode definition = ((ModelCamelContext) camel).getRouteDefinition(route.getRouteId());
            assertThat(PluginHelper.getModelToXMLDumper(camel).dumpModelAsXml(camel, definition, true, true, false))
                    .contains(route.getRouteId())
                    .doesNotContain(SECRET);
        }
        assertThat(app.api().get("/health").response().body()).doesNotContain(SECRET);
        assertThat(app.api().get("/api/v1/alerts/channels").response().body()).doesNotContain(SECRET);
        assertThat(output.getAll())
                .contains("channel webhook did not take an alert, tried 3 times: ")
                .doesNotContain(SECRET);
    }
}
