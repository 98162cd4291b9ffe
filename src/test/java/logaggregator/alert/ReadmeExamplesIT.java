package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import logaggregator.support.Eventually;
import logaggregator.support.HttpReceiver;
import logaggregator.support.InProcessApp;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The examples of conf/routes/README.md, as they stand there, put into the folder of a running service. */
class ReadmeExamplesIT {

    private static final Pattern EXAMPLE =
            Pattern.compile("```yaml\n(- route:\n    id: (notify-[a-z]+)\n.*?)```", Pattern.DOTALL);
    private static final Path FOLDER = Servers.newDirectory("readme-routes");
    private static final Path ALERTS = Servers.newDirectory("readme-alerts");

    private static HttpReceiver receiver;
    private static GreenMail mail;
    private static InProcessApp app;
    private static Notifier notifier;

    @BeforeAll
    static void start() throws Exception {
        receiver = new HttpReceiver();
        mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        Matcher example = EXAMPLE.matcher(Files.readString(Path.of("conf/routes/README.md")));
        List<String> names = new ArrayList<>();
        while (example.find()) {
            names.add(example.group(2));
            // only the folder is another one: the test must not write into ours
            String text = example.group(1).replace("file:data/alerts", "file:" + ALERTS);
            Files.writeString(FOLDER.resolve(example.group(2) + ".camel.yaml"), text);
        }
        assertThat(names).containsExactly("notify-teams", "notify-oncall", "notify-file");
        app = new InProcessApp(
                Servers.postgres(),
                Servers.redis(),
                "readme:stream",
                "app.roles=alerts",
                "routes.dir=" + FOLDER,
                "app.data-dir=target",
                "notify.print.enabled=false",
                "TEAMS_URL=" + receiver.url("/teams"),
                "ONCALL_SMTP=127.0.0.1:" + mail.getSmtp().getPort());
        notifier = new Notifier(app);
        Eventually.passes(() -> assertThat(app.bean(AlertChannels.class).channels())
                .filteredOn(channel -> channel.source().startsWith("notify-"))
                .hasSize(3)
                .allSatisfy(channel -> {
                    assertThat(channel.error()).isNull();
                    assertThat(channel.started()).isTrue();
                }));
    }

    @AfterAll
    static void stop() {
        app.close();
        mail.stop();
        receiver.close();
    }

    @Test
    void a_webhook_with_a_template() throws Exception {
        assertThat(notifier.tellOne(Notices.firing("ERROR", "a \"b\"\nc"), "teams")
                        .error())
                .isNull();

        HttpReceiver.Request request = receiver.requests("/teams").get(0);
        JsonNode card = new ObjectMapper().readTree(request.body()).at("/attachments/0/content/body");
        assertThat(request.headers()).containsEntry("content-type", "application/json");
        assertThat(card.at("/0/text").asText()).isEqualTo("ERROR: firing");
        assertThat(card.at("/1/text").asText()).isEqualTo("a \"b\"\nc");
        assertThat(card.at("/2/facts/0/value").asText()).isEqualTo("critical");
    }

    @Test
    void mail_only_for_one_severity() throws Exception {
        AlertNotice critical = Notices.firing("ERROR", "m");
        AlertNotice harmless = new AlertNotice(
                "harmless", "info", 1, "", critical.startedAt(), null, critical.expiresAt(), "sleep on", "");

        assertThat(notifier.tellOne(harmless, "oncall").delivered()).isTrue();
        assertThat(notifier.tellOne(critical, "oncall").error()).isNull();

        assertThat(mail.getReceivedMessages()).hasSize(1);
        assertThat(mail.getReceivedMessages()[0].getSubject()).isEqualTo("[critical] m");
    }

    @Test
    void write_to_a_file() throws Exception {
        assertThat(notifier.tellOne(Notices.firing("ERROR", "one\nline"), "file")
                        .error())
                .isNull();
        notifier.tellOne(Notices.resolved("ERROR", "over"), "file");

        try (Stream<Path> files = Files.list(ALERTS)) {
            List<String> lines = Files.readAllLines(files.findFirst().orElseThrow());
            assertThat(lines).hasSize(2);
            assertThat(new ObjectMapper().readTree(lines.get(0)).get("message").asText())
                    .isEqualTo("one\nline");
            assertThat(new ObjectMapper().readTree(lines.get(1)).get("state").asText())
                    .isEqualTo("resolved");
        }
    }
}
