package logaggregator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the jar says, with little heap, when it ends by itself: when it refuses to start, or does what its arguments say. */
public record FailedStart(int status, String output) {

    /** @param settings environment variables */
    public static FailedStart with(Map<String, String> settings, String... arguments) {
        Path directory = Servers.newDirectory("failed-start");
        List<String> command =
                new ArrayList<>(List.of("env", "PORT=" + Ports.free(), "MANAGEMENT_PORT=" + Ports.free()));
        settings.forEach((name, value) -> command.add(name + "=" + value));
        command.addAll(List.of(AppJar.java(), "-Xmx128m", "-XX:+UseSerialGC"));
        command.addAll(AppJar.arguments());
        command.addAll(List.of(arguments));
        Path log = directory.resolve("app.log");
        int status = Processes.await(Processes.start(log, command));
        try {
            return new FailedStart(status, Files.readString(log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
