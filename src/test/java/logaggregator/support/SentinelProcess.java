package logaggregator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Sentinel that watches one Redis, called {@code master}, and decides alone. */
public final class SentinelProcess implements AutoCloseable {

    private final int port = Ports.free();
    private final Process process;

    public SentinelProcess(Path directory, RedisProcess master) {
        Path config = directory.resolve("sentinel.conf");
        try {
            Files.write(
                    config,
                    List.of(
                            "port " + port,
                            "bind 127.0.0.1",
                            "dir " + directory,
                            "sentinel monitor master 127.0.0.1 " + master.port() + " 1",
                            "sentinel down-after-milliseconds master 500",
                            "sentinel failover-timeout master 2000"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = Processes.start(
                directory.resolve("sentinel.out"),
                List.of(master.program().toString(), config.toString(), "--sentinel"));
        Eventually.holds(() -> Processes.answers(port, "PING\r\n", "+PONG"));
    }

    /** It asks the master once in ten seconds. */
    public boolean knowsTheReplica() {
        return Processes.answers(port, "SENTINEL REPLICAS master\r\n", "*1");
    }

    public String url() {
        return "redis-sentinel://127.0.0.1:" + port + "/0#master";
    }

    @Override
    public void close() {
        Processes.kill(process);
    }
}
