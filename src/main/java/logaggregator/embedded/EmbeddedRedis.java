package logaggregator.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
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

/** A Redis server that writes each command to disk before it answers. Runs in a session of its own, deaf to Ctrl-C. */
public final class EmbeddedRedis {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedRedis.class);

    private static final Duration START_TIME = Duration.ofSeconds(60);
    private static final int STOP_SECONDS = 30;

    private final Path data;
    private final int port;
    private final ProcessHandle process;

    private EmbeddedRedis(Path data, int port, ProcessHandle process) {
        this.data = data;
        this.port = port;
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
            launch(data, port, pidFile);
        }
        int port = Integer.parseInt(Files.readString(portFile));
        awaitReady(port, data);
        return new EmbeddedRedis(data, port, find(pidFile).orElseThrow());
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

    private static void launch(Path data, int port, Path pidFile) throws IOException, InterruptedException {
        Path config = data.resolve("redis.conf");
        Files.write(
                config,
                List.of(
                        "bind 127.0.0.1",
                        "protected-mode yes",
                        "port " + port,
                        "dir \"" + data + "\"",
                        "appendonly yes",
                        "appendfsync always",
                        "save \"\"",
                        "maxmemory-policy noeviction",
                        "daemonize yes",
                        "pidfile \"" + pidFile + "\"",
                        "logfile \"" + data.resolve("redis.log") + "\""));
        Path program =
                ExecutableProvider.newJarResourceProvider(data.toFile()).get().toPath();
        Process launcher = new ProcessBuilder(program.toString(), config.toString())
                .redirectErrorStream(true)
                .start();
        launcher.getOutputStream().close();
        String output = new String(launcher.getInputStream().readAllBytes(), UTF_8);
        if (!launcher.waitFor(START_TIME.toSeconds(), TimeUnit.SECONDS) || launcher.exitValue() != 0) {
            throw new IOException(output.isBlank() ? lastWords(data) : output.strip());
        }
    }

    private static void awaitReady(int port, Path data) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_TIME.toNanos();
        while (!isReady(port)) {
            if (System.nanoTime() > deadline) {
                throw new IOException(lastWords(data));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Answers PING; while it loads its data it says so instead. */
    private static boolean isReady(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write("PING\r\n".getBytes(UTF_8));
            InputStream answer = socket.getInputStream();
            return new String(answer.readNBytes(5), UTF_8).equals("+PONG");
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

    public String url() {
        return "redis://127.0.0.1:" + port + "/0";
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
