package logaggregator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An Alertmanager that passes on at once what begins and what ends. */
public final class AlertmanagerProcess implements AutoCloseable {

    public static final String PROGRAM = "/usr/bin/prometheus-alertmanager";
    public static final String TOOL = "/usr/bin/amtool";

    private final Path directory;
    private final int port = Ports.free();
    private final Process process;

    /** @param webhook where it passes alerts on to */
    public AlertmanagerProcess(Path directory, String webhook) {
        this.directory = directory;
        Path configuration = directory.resolve("alertmanager.yml");
        try {
            Files.writeString(configuration, """
                    route: {receiver: test, group_by: [...], group_wait: 100ms, group_interval: 1s}
                    receivers:
                      - name: test
                        webhook_configs: [{url: "%s", send_resolved: true}]
                    """.formatted(webhook));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = Processes.start(
                directory.resolve("alertmanager.log"),
                List.of(
                        PROGRAM,
                        "--config.file=" + configuration,
                        "--storage.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--cluster.listen-address="));
        Eventually.holds(
                () -> Processes.answers(port, "GET /-/ready HTTP/1.0\r\nHost: localhost\r\n\r\n", "HTTP/1.0 200"));
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** What {@code amtool alert query} says, as JSON. */
    public String query(String... options) {
        List<String> command =
                new ArrayList<>(List.of(TOOL, "--alertmanager.url=" + url(), "--output=json", "alert", "query"));
        command.addAll(List.of(options));
        try {
            Process query = new ProcessBuilder(command)
                    .redirectError(directory.resolve("amtool.log").toFile())
                    .start();
            String output = new String(query.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Processes.await(query);
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Processes.kill(process);
    }
}
