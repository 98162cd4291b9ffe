package logaggregator.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/** A PostgreSQL server with a password of its own that keeps what it has committed. */
public final class EmbeddedPostgres {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

    public static final String USER = "postgres";

    private static final int START_SECONDS = 120;
    private static final int STOP_SECONDS = 30;

    /** Line numbers of postmaster.pid. */
    private static final int PID_LINE = 0;

    private static final int PORT_LINE = 3;

    private final Path data;
    private final int port;
    private final String password;
    private final ProcessHandle process;

    private EmbeddedPostgres(Path data, int port, String password, ProcessHandle process) {
        this.data = data;
        this.port = port;
        this.password = password;
        this.process = process;
    }

    static EmbeddedPostgres start(DataDirectory directory) throws IOException, InterruptedException {
        Path data = directory.resolve("postgres");
        Path password = directory.resolve("postgres.password");
        if (find(data).isEmpty()) {
            PostgresPrograms programs = PostgresPrograms.unpack(directory.path());
            if (!Files.exists(data)) {
                initialize(programs, directory, data, password);
            }
            launch(programs, directory.choosePort("postgres"), data);
        }
        int port = Integer.parseInt(lines(data).get(PORT_LINE).strip());
        return new EmbeddedPostgres(
                data, port, Files.readString(password), find(data).orElseThrow());
    }

    private static Optional<ProcessHandle> find(Path data) throws IOException {
        return Files.exists(pidFile(data))
                ? ServerProcess.find(
                        Long.parseLong(lines(data).get(PID_LINE).strip()),
                        data.resolve("..").normalize())
                : Optional.empty();
    }

    private static List<String> lines(Path data) throws IOException {
        return Files.readAllLines(pidFile(data));
    }

    private static Path pidFile(Path data) {
        return data.resolve("postmaster.pid");
    }

    private static void initialize(PostgresPrograms programs, DataDirectory directory, Path data, Path password)
            throws IOException, InterruptedException {
        try {
            // pg_trgm goes by this locale: in C it knows no letters but those of ASCII
            initialize(programs, directory, data, password, "C.UTF-8");
        } catch (IOException e) {
            log.debug("This system doesn't have the locale C.UTF-8", e);
            initialize(programs, directory, data, password, "C");
        }
    }

    private static void initialize(
            PostgresPrograms programs, DataDirectory directory, Path data, Path password, String characters)
            throws IOException, InterruptedException {
        // under another name until it is complete
        Path incomplete = directory.resolve("postgres-initializing");
        FileSystemUtils.deleteRecursively(incomplete);
        directory.createPrivate("postgres-initializing");
        directory.writePrivate("postgres.password", Passwords.random());
        programs.run(
                directory.resolve("postgres-initdb.log"),
                "initdb",
                "--pgdata=" + incomplete,
                "--username=" + USER,
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--encoding=UTF-8",
                "--locale=C",
                "--lc-ctype=" + characters,
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8");
        Files.move(incomplete, data);
    }

    private static void launch(PostgresPrograms programs, int port, Path data)
            throws IOException, InterruptedException {
        String options = String.join(
                " ",
                "-p " + port,
                "-c listen_addresses=127.0.0.1",
                "-c unix_socket_directories=''",
                "-c shared_buffers=256MB",
                "-c max_wal_size=2GB",
                // a query over all time locks the partition of each day and its indexes
                "-c max_locks_per_transaction=512",
                "-c timezone=UTC");
        programs.run(
                data.resolve("start.log"),
                "pg_ctl",
                "--pgdata=" + data,
                "--options=" + options,
                "--log=" + data.resolve("server.log"),
                "--wait",
                "--timeout=" + START_SECONDS,
                "start");
    }

    public int port() {
        return port;
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    public String password() {
        return password;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    Path data() {
        return data;
    }

    /** Ends open transactions and writes everything out (the "fast" shutdown). */
    void stop() {
        if (!ServerProcess.stop(process, "INT", STOP_SECONDS)) {
            log.warn("Embedded PostgreSQL, process {}, did not end within {} s", process.pid(), STOP_SECONDS);
        }
    }
}
