package logaggregator.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import logaggregator.support.AppProcess;
import logaggregator.support.Certificate;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.FailedStart;
import logaggregator.support.Ports;
import logaggregator.support.PostgresProcess;
import logaggregator.support.Records;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.Test;

/** Everything encrypted: clients to the service, the service to PostgreSQL and Redis, each with a certificate that is verified. */
class TlsIT {

    @Test
    void all_connections_are_encrypted_and_a_new_certificate_needs_no_restart() throws Exception {
        Path directory = Servers.newDirectory("tls");
        Certificate ofServers = new Certificate(Servers.newDirectory("tls-servers"));
        Certificate first = new Certificate(Servers.newDirectory("tls-first"));
        Certificate second = new Certificate(Servers.newDirectory("tls-second"));
        Path certificate = Files.copy(first.certificate(), directory.resolve("tls.crt"));
        Path key = Files.copy(first.key(), directory.resolve("tls.key"));
        int tlsPort = Ports.free();
        try (PostgresProcess postgres = new PostgresProcess(Servers.newDirectory("tls-postgres"));
                RedisProcess redis = new RedisProcess(Servers.newDirectory("tls-redis"))) {
            encrypt(postgres, redis, tlsPort, ofServers);
            Map<String, String> settings = new HashMap<>(Map.of(
                    "DATABASE_URL", postgres.url() + "?sslmode=verify-full&sslrootcert=" + ofServers.certificate(),
                    "REDIS_URL", "rediss://127.0.0.1:" + tlsPort,
                    "JAVA_TOOL_OPTIONS", ofServers.trustOptions(),
                    "SPRING_SSL_BUNDLE_PEM_WEB_KEYSTORE_CERTIFICATE", "file:" + certificate,
                    "SPRING_SSL_BUNDLE_PEM_WEB_KEYSTORE_PRIVATE_KEY", "file:" + key,
                    "SPRING_SSL_BUNDLE_PEM_WEB_RELOAD_ON_UPDATE", "true",
                    "SERVER_SSL_BUNDLE", "web"));
            try (AppProcess app = AppProcess.launched(directory, settings)) {
                HttpClient client = client(first);
                Eventually.holds(() -> status(client, app, "/readyz") == 200);
                HttpResponse<String> answer = client.send(
                        request(app, "/api/v1/ingest/")
                                .POST(BodyPublishers.ofString(Records.json("tls", 1)))
                                .build(),
                        BodyHandlers.ofString());
                assertThat(answer.body()).isEqualTo("{\"enqueued\":1,\"backend\":\"redis\"}");
                Database database = new Database(postgres);
                Eventually.passes(() -> assertThat(database.logs("tls")).isEqualTo(1));
                assertThat(database.column("SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                                + " WHERE application_name = 'log-aggregator'"))
                        .containsExactly("t");
                HttpResponse<String> page = client.send(request(app, "/docs").build(), BodyHandlers.ofString());
                assertThat(page.headers().firstValue("Strict-Transport-Security"))
                        .isPresent();

                Files.copy(second.key(), key, StandardCopyOption.REPLACE_EXISTING);
                Files.copy(second.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);

                Eventually.holds(() -> status(client(second), app, "/health") == 200);
            }
            assertNeitherIsTrusted(trusting(settings, first, postgres));

            Certificate ofElsewhere =
                    new Certificate(Servers.newDirectory("tls-elsewhere"), "dns:elsewhere.example,ip:127.0.0.2");
            encrypt(postgres, redis, tlsPort, ofElsewhere);
            assertNeitherIsTrusted(trusting(settings, ofElsewhere, postgres));
        }
    }

    private static void encrypt(PostgresProcess postgres, RedisProcess redis, int tlsPort, Certificate certificate) {
        postgres.stop("fast");
        postgres.start("ssl=on", "ssl_cert_file=" + certificate.certificate(), "ssl_key_file=" + certificate.key());
        redis.kill();
        redis.start(
                "--tls-port",
                Integer.toString(tlsPort),
                "--tls-cert-file",
                certificate.certificate().toString(),
                "--tls-key-file",
                certificate.key().toString(),
                "--tls-ca-cert-file",
                certificate.certificate().toString(),
                "--tls-auth-clients",
                "no");
    }

    private static Map<String, String> trusting(
            Map<String, String> settings, Certificate certificate, PostgresProcess postgres) {
        Map<String, String> trusting = new HashMap<>(settings);
        trusting.put("DATABASE_URL", postgres.url() + "?sslmode=verify-full&sslrootcert=" + certificate.certificate());
        trusting.put("JAVA_TOOL_OPTIONS", certificate.trustOptions());
        return trusting;
    }

    /** Whoever has another certificate, or one of another server, is none of ours. */
    private static void assertNeitherIsTrusted(Map<String, String> settings) {
        FailedStart doctor = FailedStart.with(settings, "doctor");

        assertThat(doctor.status()).isEqualTo(1);
        assertThat(doctor.output())
                .contains("BAD       database", "BAD       redis")
                .doesNotContain("\tat ");
    }

    private static int status(HttpClient client, AppProcess app, String path) {
        try {
            return client.send(request(app, path).build(), BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static HttpRequest.Builder request(AppProcess app, String path) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + app.port() + path));
    }

    private static HttpClient client(Certificate certificate) {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(certificate.trusted());
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, trust.getTrustManagers(), null);
            return HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(tls)
                    .build();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
