package logaggregator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.util.FileSystemUtils;
import redis.embedded.core.ExecutableProvider;

/** A Redis server of a test's own, to be killed and started again. {@code -Dtest.redis=PROGRAM} chooses another one. */
public final class RedisProcess implements AutoCloseable {

    /** The first before version 7, the second since. */
    private static final List<String> DATA = List.of("appendonly.aof", "appendonlydir");

    private final Path directory;
    private final int port;
    private final String program;
    private Process process;

    public RedisProcess(Path directory) {
        try {
            this.directory = Files.createDirectories(directory);
            this.port = Ports.free();
            String chosen = System.getProperty("test.redis", "");
            this.program = chosen.isBlank()
                    ? ExecutableProvider.newJarResourceProvider(directory.toFile())
                            .get()
                            .getAbsolutePath()
                    : chosen;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    /** Starts it, or starts it again with the data it had, and waits until it answers. */
    public void start() {
        start(new String[0]);
    }

    /** As {@link #start()}, with options that win over those it has. */
    public void start(String... options) {
        List<String> command = new ArrayList<>(List.of(
                program,
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                directory.toString(),
                "--appendonly",
                "yes",
                "--appendfsync",
                "always",
                "--save",
                ""));
        command.addAll(List.of(options));
        process = Processes.start(directory.resolve("redis.out"), command);
        Eventually.holds(() -> Processes.answers(port, "PING\r\n", "+PONG"));
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public void kill() {
        Processes.kill(process);
    }

    public void signal(String name) {
        Processes.signal(process.pid(), name);
    }

    /** Removes its data; it must not be running. */
    public void forgetEverything() {
        try {
            for (String file : DATA) {
                FileSystemUtils.deleteRecursively(directory.resolve(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies the data it has on disk now. */
    public Path snapshot() {
        Path copy = Servers.newDirectory("redis-snapshot");
        copyData(directory, copy);
        return copy;
    }

    /** Gives it the data of a {@link #snapshot()}; it must not be running. */
    public void restore(Path snapshot) {
        forgetEverything();
        copyData(snapshot, directory);
    }

    private static void copyData(Path from, Path to) {
        try {
            for (String file : DATA) {
                if (Files.exists(from.resolve(file))) {
                    FileSystemUtils.copyRecursively(from.resolve(file), to.resolve(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path program() {
        return Path.of(program);
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    public String url() {
        return "redis://127.0.0.1:" + port + "/0";
    }

    @Override
    public void close() {
        signal("CONT");
        kill();
    }
}
