package logaggregator.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import logaggregator.support.AppProcess;
import logaggregator.support.Eventually;
import logaggregator.support.FailedStart;
import logaggregator.support.Listening;
import logaggregator.support.Records;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The jar with no settings at all. */
class EmbeddedServicesIT {

    private static final Path DIRECTORY = Servers.newDirectory("embedded");

    private static AppProcess service;

    @BeforeAll
    static void start() {
        service = new AppProcess(DIRECTORY, Map.of());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void logs_survive_a_kill_and_a_restart_and_the_servers_end_with_the_service() throws IOException {
        assertThat(service.api()
                        .ingest(Records.ndjson("embedded", 0, 1_000))
                        .response()
                        .headers()
                        .firstValue("Log-Durability"))
                .contains("fsync");
        assertRedisIsGuarded();
        assertWordsAreFoundInAnyScript();
        List<Long> servers = servers();

        service.kill();
        assertThat(servers).allMatch(EmbeddedServicesIT::isAlive);
        service.start();
        assertThat(servers()).isEqualTo(servers);
        awaitLogs(1_000);

        service.terminate();
        assertThat(servers).noneMatch(EmbeddedServicesIT::isAlive);
        service.start();
        awaitLogs(1_000);
    }

    @Test
    void whoever_wants_a_key_from_a_command_meanwhile_is_told_how_to_make_one() {
        FailedStart list =
                FailedStart.with(Map.of("DATA_DIR", DIRECTORY.resolve("data").toString()), "keys", "list");

        assertThat(list.status()).isEqualTo(1);
        assertThat(list.output())
                .contains("DATA_DIR is in use by another process", "POST /api/v1/keys/")
                .doesNotContain("\tat ", "Exception");
    }

    /** Only whoever may read its file knows the password, and the machine's memory is not all for Redis. */
    private static void assertRedisIsGuarded() throws IOException {
        Path data = DIRECTORY.resolve("data");
        String port = Files.readString(data.resolve("redis.port")).strip();
        String password = Files.readString(data.resolve("redis.password")).strip();

        assertThat(ask(port, "PING")).startsWith("-NOAUTH");
        assertThat(ask(port, "AUTH " + password + "\r\nPING\r\nCONFIG GET maxmemory"))
                .startsWith("+OK\r\n+PONG")
                .doesNotContain("$1\r\n0");
        assertThat(Files.getPosixFilePermissions(data.resolve("redis.password")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.readString(service.log()))
                .doesNotContain(password)
                .containsOnlyOnce("No API key is set: only this machine is let in");
        assertThat(ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse("")))
                .noneMatch(command -> command.contains(password));
    }

    /** The index of the words of closed days has the letters of all scripts. */
    private static void assertWordsAreFoundInAnyScript() throws IOException {
        Path data = DIRECTORY.resolve("data");
        String port = Files.readAllLines(data.resolve("postgres/postmaster.pid"))
                .get(3)
                .strip();
        String password = Files.readString(data.resolve("postgres.password"));
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
        try (Connection connection = DriverManager.getConnection(url, "postgres", password);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm");
            try (ResultSet row = statement.executeQuery("SELECT cardinality(show_trgm('Платёж'))")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getInt(1)).isEqualTo("Платёж".length() + 1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String ask(String port, String question) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
            socket.getOutputStream().write((question + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** Neither it nor its servers wait at any other port: no JMX, no agent, nobody who looks for it in the network. */
    @Test
    void nobody_but_this_machine_reaches_anything_of_it() {
        InetAddress here = InetAddress.getLoopbackAddress();

        assertThat(Listening.of(service.pid()))
                .containsExactlyInAnyOrder(
                        new InetSocketAddress(here, service.port()),
                        new InetSocketAddress(here, service.managementPort()));
        for (long server : servers()) {
            Set<InetSocketAddress> addresses = Listening.of(server);
            assertThat(addresses).isNotEmpty().allMatch(address -> address.getAddress()
                    .isLoopbackAddress());
            assertThat(addresses.stream().map(InetSocketAddress::getPort).distinct())
                    .hasSize(1);
        }
    }

    @Test
    void a_server_that_is_killed_is_started_again() {
        for (long server : servers()) {
            ProcessHandle.of(server).orElseThrow().destroyForcibly();
        }

        Eventually.holds(() -> service.api()
                .ingest(Records.json("revived", 1))
                .body()
                .path("backend")
                .asText()
                .equals("redis"));
        Eventually.holds(
                () -> service.api().get("/api/v1/logs/?app=revived").body().size() > 0);
    }

    @Test
    void a_second_process_on_the_same_directory_refuses_to_start() {
        FailedStart second =
                FailedStart.with(Map.of("DATA_DIR", DIRECTORY.resolve("data").toString()));

        assertThat(second.output()).contains("DATA_DIR is in use by another process");
        assertThat(service.api().get("/health").status()).isEqualTo(200);
    }

    private static void awaitLogs(int count) {
        Eventually.holds(() -> service.api()
                        .get("/api/v1/logs/?app=embedded&limit=1000")
                        .body()
                        .size()
                == count);
    }

    /** The process ids of both servers. */
    private static List<Long> servers() {
        Path data = DIRECTORY.resolve("data");
        return Stream.of(data.resolve("redis/redis.pid"), data.resolve("postgres/postmaster.pid"))
                .map(EmbeddedServicesIT::firstNumber)
                .toList();
    }

    private static Long firstNumber(Path file) {
        try {
            return Long.parseLong(Files.readAllLines(file).get(0).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isAlive(Long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
