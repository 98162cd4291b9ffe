package logaggregator.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/** A PostgreSQL server with a password of its own that keeps what it has committed. */
public final class EmbeddedPostgres {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

    public static final String USER = "postgres";

    private static final Duration START_TIME = Duration.ofSeconds(60);
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

    static EmbeddedPostgres start(DataDirectory directory) throws IOException, SQLException, InterruptedException {
        Path data = directory.createPrivate("postgres");
        Path passwordFile = data.resolve("log-aggregator.password");
        if (find(data).isEmpty()) {
            if (!Files.exists(passwordFile)) {
                // never got as far as holding data
                FileSystemUtils.deleteRecursively(data);
                directory.createPrivate("postgres");
            }
            launch(directory, data, passwordFile);
        }
        List<String> running = Files.readAllLines(data.resolve("postmaster.pid"));
        int port = Integer.parseInt(running.get(PORT_LINE).strip());
        if (!Files.exists(passwordFile)) {
            setPassword(port, data, passwordFile);
        }
        EmbeddedPostgres server = new EmbeddedPostgres(
                data, port, Files.readString(passwordFile), find(data).orElseThrow());
        server.awaitReady();
        return server;
    }

    private static Optional<ProcessHandle> find(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        return Files.exists(pidFile)
                ? ServerProcess.find(
                        Long.parseLong(Files.readAllLines(pidFile).get(PID_LINE).strip()), "postgres")
                : Optional.empty();
    }

    private static void launch(DataDirectory directory, Path data, Path passwordFile) throws IOException {
        var builder = io.zonky.test.db.postgres.embedded.EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setOverrideWorkingDirectory(
                        directory.resolve("postgres-program").toFile())
                .setPort(directory.choosePort("postgres"))
                .setPGStartupWait(START_TIME)
                .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
                .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
                // the defaults of this library are made for tests
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "''")
                .setServerConfig("password_encryption", "scram-sha-256")
                .setServerConfig("max_connections", "100")
                .setServerConfig("shared_buffers", "256MB")
                .setServerConfig("max_wal_size", "2GB")
                .setServerConfig("logging_collector", "on")
                .setServerConfig("log_directory", "log");
        if (Files.exists(passwordFile)) {
            builder.setConnectConfig("password", Files.readString(passwordFile));
        }
        builder.start();
    }

    /** A new cluster trusts everybody on this machine; from now on it asks for a password. */
    private static void setPassword(int port, Path data, Path passwordFile) throws IOException, SQLException {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        try (Connection connection = DriverManager.getConnection(jdbcUrl(port), USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER USER " + USER + " PASSWORD '" + password + "'");
            Files.writeString(
                    data.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256" + System.lineSeparator());
            statement.execute("SELECT pg_reload_conf()");
        }
        Files.writeString(passwordFile, password);
    }

    private void awaitReady() throws SQLException, InterruptedException {
        Properties properties = new Properties();
        properties.setProperty("user", USER);
        properties.setProperty("password", password);
        long deadline = System.nanoTime() + START_TIME.toNanos();
        while (true) {
            try (Connection connection = DriverManager.getConnection(jdbcUrl(), properties)) {
                connection.isValid(1);
                return;
            } catch (SQLException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    public int port() {
        return port;
    }

    public String jdbcUrl() {
        return jdbcUrl(port);
    }

    private static String jdbcUrl(int port) {
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
