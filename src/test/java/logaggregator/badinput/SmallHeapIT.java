package logaggregator.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import logaggregator.support.Api;
import logaggregator.support.Api.Answer;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.PostgresProcess;
import logaggregator.support.RawConnection;
import logaggregator.support.Records;
import logaggregator.support.Servers;
import org.junit.jupiter.api.Test;

/** Many large requests at once and a small heap: some are refused, none is lost, and memory doesn't run out. */
class SmallHeapIT {

    private static final int CONNECTIONS = 64;
    private static final int ROUNDS = 2;
    private static final int LARGE_LOGS = 400;
    private static final int TEN_MEGABYTES = 10 << 20;
    private static final long TEN_GIGABYTES = 10L << 30;

    @Test
    void large_bodies_are_accepted_or_refused() throws Exception {
        Path directory = Servers.newDirectory("small-heap");
        PostgresProcess postgres = Servers.postgres();
        try (AppProcess service = AppProcess.withHeap(
                "128m",
                directory,
                Map.of(
                        "DATABASE_URL",
                        postgres.url(),
                        "REDIS_URL",
                        Servers.redis().url(),
                        "INGEST_STREAM",
                        "small-heap:stream",
                        "INGEST_DLQ",
                        "small-heap:dlq"))) {
            Api api = new Api(service.port());
            String small = Records.ndjson("small-heap", 0, 1_000);
            String large = Records.ndjson("small-heap", 0, 30_000);
            String tooLarge = "[" + " ".repeat(16 << 20);

            TreeSet<Integer> statuses = new TreeSet<>();
            int accepted = 0;
            for (int round = 0; round < ROUNDS; round++) {
                for (String body : List.of(tooLarge, large, small)) {
                    for (int status : atOnce(api, body)) {
                        statuses.add(status);
                        accepted += status == 200 ? body.equals(large) ? 30_000 : 1_000 : 0;
                    }
                }
            }

            assertThat(statuses).isSubsetOf(200, 413, 503).contains(413);
            assertThat(api.ingest(large).status()).isEqualTo(200);
            long stored = accepted + 30_000;
            Database database = new Database(postgres);
            Eventually.passes(() -> assertThat(database.logs("small-heap")).isEqualTo(stored));
            assertThat(log(directory)).doesNotContain("OutOfMemoryError");
        }
    }

    /** Gigabytes in megabytes, a million lines, brackets in brackets, too much at once: each is refused, and memory doesn't run out. */
    @Test
    void what_grows_when_it_is_read_is_refused() throws Exception {
        Path directory = Servers.newDirectory("small-heap-bombs");
        // so much that what decodes to ten gigabytes isn't too large as it comes
        try (AppProcess service = AppProcess.withHeap(
                "256m",
                directory,
                Map.of(
                        "DATABASE_URL", Servers.postgres().url(),
                        "REDIS_URL", Servers.redis().url(),
                        "INGEST_STREAM", "small-heap-bombs:stream"))) {
            Api api = new Api(service.port());
            byte[] tenMegabytes = gzip(new byte[TEN_MEGABYTES]);
            ByteArrayOutputStream bomb = new ByteArrayOutputStream();
            for (int n = 0; n < TEN_GIGABYTES / TEN_MEGABYTES; n++) {
                bomb.write(tenMegabytes);
            }
            assertThat(bomb.size()).isLessThan(16 << 20);
            Answer refused = api.ingest(bomb.toByteArray(), "Content-Encoding", "gzip");
            assertThat(refused.status()).isEqualTo(413);
            assertThat(refused.body().get("detail").asText()).contains("larger than 16777216 bytes", "MAX_BODY_BYTES");
            byte[] lines = gzip("{}\n".repeat(1_000_000).getBytes(UTF_8));
            assertThat(api.ingest(lines, "Content-Encoding", "gzip")
                            .body()
                            .get("code")
                            .asText())
                    .isEqualTo("too_many_records");
            assertThat(api.ingest("[".repeat(100_000)).body().get("code").asText())
                    .isEqualTo("too_deep");
            try (RawConnection slow = new RawConnection(service.port())) {
                slow.send(RawConnection.post("Content-Length: " + (16 << 20)) + " ".repeat(31 << 19));
                // what is left of 22 MB is less
                String large = " ".repeat(7 << 20) + Records.json("small-heap-bombs", 1);
                Eventually.holds(() -> api.ingest(large).status() == 503);
                Answer tooMany = api.ingest(large);
                assertThat(tooMany.body().get("code").asText()).isEqualTo("too_many_bodies");
                assertThat(tooMany.body().get("detail").asText()).contains("MAX_HELD_BODY_BYTES");
                assertThat(tooMany.header("Retry-After")).isNotEmpty();
                assertThat(api.ingest(Records.json("small-heap-bombs", 2)).status())
                        .isEqualTo(200);
            }
            assertThat(api.ingest(Records.json("small-heap-bombs", 3)).status()).isEqualTo(200);
            assertThat(log(directory)).doesNotContain("OutOfMemoryError");
        }
    }

    /** More than the heap, were all of it in memory at once: a list goes on on another page, an export takes few logs at a time. */
    @Test
    void large_logs_are_read_in_small_parts() throws Exception {
        Path directory = Servers.newDirectory("small-heap-large-logs");
        try (AppProcess service = AppProcess.withHeap(
                "128m",
                directory,
                Map.of(
                        "DATABASE_URL", Servers.postgres().url(),
                        "REDIS_URL", Servers.redis().url(),
                        "INGEST_STREAM", "small-heap-large-logs:stream"))) {
            Api api = new Api(service.port());
            Database database = new Database(Servers.postgres());
            String message = "ж".repeat(65_536);
            for (int n = 0; n < LARGE_LOGS; n += 20) {
                String body = Records.ndjson("large-logs", n, n + 20)
                        .replaceAll("\"message\":\"\\d+\"", "\"message\":\"" + message + "\"");
                assertThat(api.ingest(body).status()).isEqualTo(200);
            }
            Eventually.passes(() -> assertThat(database.logs("large-logs")).isEqualTo(LARGE_LOGS));

            Set<Long> ids = new HashSet<>();
            int pages = 0;
            for (String next = "/api/v1/logs/?app=large-logs&limit=1000"; next != null; pages++) {
                Api.Answer page = api.get(next);
                assertThat(page.status()).isEqualTo(200);
                assertThat(page.body().size()).isBetween(1, 64);
                page.body().forEach(log -> ids.add(log.get("id").asLong()));
                next = page.response()
                        .headers()
                        .firstValue("Link")
                        .map(link -> link.replaceFirst("<(.*)>.*", "$1"))
                        .orElse(null);
            }
            assertThat(ids).hasSize(LARGE_LOGS);
            assertThat(pages).isGreaterThan(LARGE_LOGS / 64);
            assertThat(api.get("/api/v1/logs/export?format=csv&app=large-logs")
                            .response()
                            .body()
                            .lines())
                    .hasSize(LARGE_LOGS + 1);
            assertThat(log(directory)).doesNotContain("OutOfMemoryError");
        }
    }

    private static byte[] gzip(byte[] bytes) throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(bytes);
        }
        return zipped.toByteArray();
    }

    private static List<Integer> atOnce(Api api, String body) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            return clients
                    .invokeAll(Stream.generate(() -> (java.util.concurrent.Callable<Integer>) () -> status(api, body))
                            .limit(CONNECTIONS)
                            .toList())
                    .stream()
                    .map(SmallHeapIT::join)
                    .toList();
        } finally {
            clients.shutdown();
        }
    }

    /** A client that goes on sending when it was refused may find the connection closed: as good as a refusal. */
    private static int status(Api api, String body) {
        try {
            return api.ingest(body).status();
        } catch (UncheckedIOException e) {
            return 503;
        }
    }

    private static int join(Future<Integer> answer) {
        try {
            return answer.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String log(Path directory) throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file));
            }
            return all.toString();
        }
    }
}
