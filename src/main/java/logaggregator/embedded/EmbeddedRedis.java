package logaggregator.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.embedded.core.ExecutableProvider;

/**
 * A Redis server with a password of its own that writes each command to disk before it answers. Runs in a session of its
 * own, deaf to Ctrl-C.
 */
public final class EmbeddedRedis {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedRedis.class);

    private static final Duration START_TIME = Duration.ofSeconds(60);
    private static final int STOP_SECONDS = 30;

    /** Under DATA_DIR. A server that a version without passwords has left running has none. */
    static final String PASSWORD_FILE = "redis.password";

    private static final long MOST_MEMORY = 4L << 30;
    private static final int PART_OF_THE_MACHINE = 4;

    private final Path data;
    private final int port;
    private final String password;
    private final ProcessHandle process;

    private EmbeddedRedis(Path data, int port, String password, ProcessHandle process) {
        this.data = data;
        this.port = port;
        this.password = password;
        this.process = process;
    }

    static EmbeddedRedis start(DataDirectory directory) throws IOException, InterruptedException {
        Path data = directory.createPrivate("redis");
        Path pidFile = data.resolve("redis.pid");
        Path portFile = data.resolve("running.port");
        Optional<ProcessHandle> survivor = find(pidFile);
        if (survivor.isEmpty()) {
            int port = directory.choosePort("redis");
            Files.deleteIfExists(pidFile);
            Files.writeString(portFile, Integer.toString(port));
            if (!Files.exists(directory.resolve(PASSWORD_FILE))) {
                directory.writePrivate(PASSWORD_FILE, Passwords.random());
            }
            directory.writePrivate("redis/redis.conf", configuration(data, port, pidFile, password(directory)));
            launch(data);
        }
        int port = Integer.parseInt(Files.readString(portFile));
        String password = password(directory);
        awaitReady(port, password, data);
        return new EmbeddedRedis(data, port, password, find(pidFile).orElseThrow());
    }

    private static String password(DataDirectory directory) throws IOException {
        Path file = directory.resolve(PASSWORD_FILE);
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }

    private static Optional<ProcessHandle> find(Path pidFile) throws IOException {
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        String pid = Files.readString(pidFile).strip();
        return pid.isEmpty()
                ? Optional.empty()
                : ServerProcess.find(Long.parseLong(pid), pidFile.resolve("..").normalize());
    }

    /** Settings are given by a file: arguments of a process can be read by everybody. */
    private static String configuration(Path data, int port, Path pidFile, String password) {
        return String.join(
                "\n",
                "bind 127.0.0.1",
                "protected-mode yes",
                "port " + port,
                "requirepass " + password,
                "dir \"" + data + "\"",
                "appendonly yes",
                "appendfsync always",
                "save \"\"",
                "maxmemory " + maxMemory(),
                "maxmemory-policy noeviction",
                "daemonize yes",
                "pidfile \"" + pidFile + "\"",
                "logfile \"" + data.resolve("redis.log") + "\"",
                "");
    }

    /** Full, it refuses to take more, and the database takes over; without a limit the machine would end it. */
    private static long maxMemory() {
        OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return Math.min(machine.getTotalMemorySize() / PART_OF_THE_MACHINE, MOST_MEMORY);
    }

    private static void launch(Path data) throws IOException, InterruptedException {
        Path program =
                ExecutableProvider.newJarResourceProvider(data.toFile()).get().toPath();
        Process launcher = new ProcessBuilder(
                        program.toString(), data.resolve("redis.conf").toString())
                .redirectErrorStream(true)
                .start();
        launcher.getOutputStream().close();
        String output = new String(launcher.getInputStream().readAllBytes(), UTF_8);
        if (!launcher.waitFor(START_TIME.toSeconds(), TimeUnit.SECONDS) || launcher.exitValue() != 0) {
            throw new IOException(output.isBlank() ? lastWords(data) : output.strip());
        }
    }

    private static void awaitReady(int port, String password, Path data) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_TIME.toNanos();
        while (!isReady(port, password)) {
            if (System.nanoTime() > deadline) {
                throw new IOException(lastWords(data));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Answers PING; while it loads its data it says so instead. */
    private static boolean isReady(int port, String password) {
        String question = password.isEmpty() ? "PING\r\n" : "AUTH " + password + "\r\nPING\r\n";
        String answer = password.isEmpty() ? "+PONG" : "+OK\r\n+PONG";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write(question.getBytes(UTF_8));
            InputStream input = socket.getInputStream();
            return new String(input.readNBytes(answer.length()), UTF_8).equals(answer);
        } catch (IOException e) {
            return false;
        }
    }

    private static String lastWords(Path data) throws IOException {
        Path file = data.resolve("redis.log");
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        return lines.isEmpty() ? "it ended without a word" : lines.get(lines.size() - 1) + " (see " + file + ")";
    }

    public int port() {
        return port;
    }

    /** With the password. */
    public String url() {
        return "redis://" + (password.isEmpty() ? "" : ":" + password + "@") + "127.0.0.1:" + port + "/0";
    }

    boolean isAlive() {
        return process.isAlive();
    }

    Path data() {
        return data;
    }

    void stop() {
        if (!ServerProcess.stop(process, "TERM", STOP_SECONDS)) {
            log.warn("Embedded Redis, process {}, did not end within {} s", process.pid(), STOP_SECONDS);
        }
    }
}
