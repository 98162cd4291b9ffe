package logaggregator.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import logaggregator.support.Api;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.PostgresProcess;
import logaggregator.support.RawConnection;
import logaggregator.support.Records;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.Test;

/** A process that may open no more files, since clients hold so many connections, goes on when they let go. */
class FewFileDescriptorsIT {

    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");
    private static final int SPARE = 20;
    private static final int PER_REQUEST = 10;

    @Test
    void what_was_accepted_is_stored_once_and_it_works_again_when_there_are_files() throws Exception {
        assumeTrue(Files.isExecutable(PRLIMIT), "prlimit is needed");
        Path directory = Servers.newDirectory("few-files");
        List<RawConnection> idle = new ArrayList<>();
        try (PostgresProcess postgres = new PostgresProcess(directory);
                RedisProcess redis = new RedisProcess(directory.resolve("redis"));
                AppProcess service = AppProcess.asShipped(
                        directory, Map.of("DATABASE_URL", postgres.url(), "REDIS_URL", redis.url()))) {
            int limit = openFiles(service.pid()) + SPARE;
            assertThat(new ProcessBuilder(
                                    PRLIMIT.toString(), "--pid", "" + service.pid(), "--nofile=" + limit + ":" + limit)
                            .start()
                            .waitFor())
                    .isZero();
            for (int n = 0; n < 3 * SPARE; n++) {
                idle.add(new RawConnection(service.port()));
            }

            int accepted = 0;
            for (int request = 0; request < 5; request++) {
                accepted += accept(new Api(service.port(), Duration.ofSeconds(2)), request);
            }
            idle.forEach(RawConnection::close);
            idle.clear();

            Api api = service.api();
            Eventually.holds(() -> accept(api, 100) > 0);
            int all = accepted + PER_REQUEST;
            Database database = new Database(postgres);
            Eventually.passes(() -> assertThat(database.logs("files")).isGreaterThanOrEqualTo(all));
            // requests that nobody waits for any more may still be stored between the two questions
            Eventually.passes(
                    () -> assertThat(database.differentMessages("files")).isEqualTo(database.logs("files")));
            Eventually.passes(() -> {
                assertThat(api.get("/health").body().get("status").asText()).isEqualTo("ok");
                assertThat(api.get("/api/v1/ledger").body().get("difference").asInt())
                        .isZero();
            });
        } finally {
            idle.forEach(RawConnection::close);
        }
    }

    /** Returns how many records; 0 when there was no answer, or an error. */
    private static int accept(Api api, int request) {
        try {
            int status = api.ingest(Records.ndjson("files", request * PER_REQUEST, (request + 1) * PER_REQUEST))
                    .status();
            return status == 200 ? PER_REQUEST : 0;
        } catch (UncheckedIOException e) {
            return 0;
        }
    }

    private static int openFiles(long pid) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return (int) files.count();
        }
    }
}
