package logaggregator.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.RawConnection;
import logaggregator.support.Records;
import logaggregator.support.Servers;
import org.junit.jupiter.api.Test;

/** Nothing that clients hold open or make up adds to what a process takes, and nobody else notices. */
class FlatMemoryIT {

    private static final int SLOW_CLIENTS = 200;
    private static final int APPS = 10_000;
    private static final int APPS_PER_REQUEST = 1_000;

    /** Of what isn't heap: threads, and code that ran for the first time. */
    private static final long MORE_KILOBYTES = 100 << 10;

    @Test
    void slow_clients_and_many_apps_leave_memory_as_it_was() throws Exception {
        String url = Database.create(Servers.postgres(), "flat_memory");
        Path directory = Servers.newDirectory("flat-memory");
        try (AppProcess service = AppProcess.withHeap(
                "256m",
                directory,
                Map.of(
                        "DATABASE_URL",
                        url,
                        "REDIS_URL",
                        Servers.redis().url(),
                        "INGEST_STREAM",
                        "flat-memory:stream",
                        "JAVA_TOOL_OPTIONS",
                        "-Xms256m -XX:+AlwaysPreTouch"))) {
            for (int n = 0; n < 20; n++) {
                assertThat(service.api()
                                .ingest(Records.ndjson("flat-warm", 0, 1_000))
                                .status())
                        .isEqualTo(200);
            }
            long before = residentKilobytes(service);
            Set<Integer> statuses = ConcurrentHashMap.newKeySet();
            AtomicInteger accepted = new AtomicInteger();
            AtomicBoolean running = new AtomicBoolean(true);
            Thread producer = new Thread(() -> {
                while (running.get()) {
                    int status =
                            service.api().ingest(Records.json("flat-steady", 1)).status();
                    statuses.add(status);
                    accepted.incrementAndGet();
                }
            });
            producer.start();

            List<RawConnection> slow = new ArrayList<>();
            try {
                for (int n = 0; n < SLOW_CLIENTS; n++) {
                    slow.add(new RawConnection(service.port()));
                    slow.get(n).send(RawConnection.post("Content-Length: 1000000") + "[");
                }
                for (int app = 0; app < APPS; app += APPS_PER_REQUEST) {
                    String body = IntStream.range(app, app + APPS_PER_REQUEST)
                            .mapToObj(n -> Records.json("flat-" + n, n))
                            .collect(Collectors.joining("\n"));
                    assertThat(service.api().ingest(body).status()).isEqualTo(200);
                    slow.forEach(client -> client.trySend(" ".getBytes(UTF_8)));
                }
                Database database = new Database(Servers.postgres(), "flat_memory");
                Eventually.passes(
                        () -> assertThat(database.logs("flat-" + (APPS - 1))).isEqualTo(1));
            } finally {
                running.set(false);
                producer.join();
                slow.forEach(RawConnection::close);
            }

            assertThat(statuses).containsExactly(200);
            assertThat(accepted.get()).isGreaterThan(10);
            assertThat(residentKilobytes(service) - before).isLessThan(MORE_KILOBYTES);
            assertThat(Files.readString(service.log())).doesNotContain("OutOfMemoryError");
        }
    }

    private static long residentKilobytes(AppProcess service) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + service.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
