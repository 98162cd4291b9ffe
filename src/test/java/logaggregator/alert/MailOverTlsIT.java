package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import logaggregator.support.AppProcess;
import logaggregator.support.Processes;
import logaggregator.support.Servers;
import org.junit.jupiter.api.Test;

/** Mail goes over TLS, to a server that wants a login and shows a certificate that the machine trusts. */
class MailOverTlsIT {

    private static final String PASSWORD = "changeit";

    @Test
    void a_login_is_told_only_to_a_server_that_is_trusted() throws Exception {
        Path directory = Servers.newDirectory("mail-tls");
        Path certificate = certificate(directory);
        System.setProperty("greenmail.tls.keystore.file", certificate.toString());
        System.setProperty("greenmail.tls.keystore.password", PASSWORD);
        GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS));
        mail.start();
        mail.setUser("team@example.org", "operator", "mail-s3cret");
        mail.getUserManager().setAuthRequired(true);
        try {
            JsonNode trusted = send(
                    directory.resolve("trusting"),
                    mail.getSmtps().getPort(),
                    "-Djavax.net.ssl.trustStore=" + certificate + " -Djavax.net.ssl.trustStorePassword=" + PASSWORD);
            assertThat(trusted.get("error").isNull()).as(trusted.toString()).isTrue();
            assertThat(mail.getReceivedMessages()[0].getSubject()).startsWith("[info] This is a test");

            JsonNode unknown =
                    send(directory.resolve("careful"), mail.getSmtps().getPort(), "");
            assertThat(unknown.get("delivered").asBoolean()).isFalse();
            assertThat(unknown.get("error").asText())
                    .contains("certification path")
                    .doesNotContain("s3cret");
            assertThat(mail.getReceivedMessages()).hasSize(1);
        } finally {
            mail.stop();
        }
    }

    /** What the test of the channel answers in a process of its own, which has its own idea of whom to trust. */
    private static JsonNode send(Path directory, int port, String options) throws IOException {
        Map<String, String> settings = new HashMap<>(Map.of(
                "NOTIFY_EMAIL_TO", "team@example.org",
                "NOTIFY_EMAIL_HOST", "127.0.0.1",
                "NOTIFY_EMAIL_PORT", String.valueOf(port),
                "NOTIFY_EMAIL_TLS", "tls",
                "NOTIFY_EMAIL_USER", "operator",
                "NOTIFY_EMAIL_PASSWORD", "mail-s3cret"));
        settings.put("DATABASE_URL", Servers.postgres().url());
        settings.put("REDIS_URL", Servers.redis().url());
        settings.put("INGEST_STREAM", "mail-tls:stream");
        settings.put("APP_ROLES", "api");
        settings.put("JAVA_TOOL_OPTIONS", options);
        AppProcess app = new AppProcess(Files.createDirectories(directory), settings);
        try {
            return app.api()
                    .post("/api/v1/alerts/channels/email/test", new byte[0])
                    .body();
        } finally {
            app.close();
        }
    }

    private static Path certificate(Path directory) throws IOException {
        Path store = directory.resolve("mail.p12");
        Processes.run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "mail",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "SAN=IP:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString()));
        return store;
    }
}
