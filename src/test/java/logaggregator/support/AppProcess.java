package logaggregator.support;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The jar as a process of its own, to be killed and started again. */
public final class AppProcess implements AutoCloseable {

    private final Path directory;
    private final Map<String, String> settings;
    private final List<String> options;
    private final int port = Ports.free();
    private final int managementPort = Ports.free();
    private Process process;

    /** @param settings environment variables */
    public AppProcess(Path directory, Map<String, String> settings) {
        this(endsQuickly(settings), directory, quick());
        start();
    }

    private AppProcess(Map<String, String> settings, Path directory, List<String> options) {
        this.directory = directory;
        this.settings = settings;
        this.options = options;
    }

    /** The end waits for a read of the queue to return. */
    private static Map<String, String> endsQuickly(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.putIfAbsent("INGEST_BLOCK_MS", "200");
        return all;
    }

    private static List<String> quick() {
        return with(AppJar.arguments(), "-Xmx512m", "-XX:+UseSerialGC");
    }

    private static List<String> with(List<String> arguments, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(arguments);
        return all;
    }

    /** One that has so much heap, as {@code -Xmx} takes it; started, and ready. */
    public static AppProcess withHeap(String heap, Path directory, Map<String, String> settings) {
        return withOptions(with(AppJar.arguments(), "-Xmx" + heap), directory, settings);
    }

    /** The jar as it is, started as the README says; ready. */
    public static AppProcess asShipped(Path directory, Map<String, String> settings) {
        return withOptions(List.of("-Xmx512m", "-jar", System.getProperty("app.jar")), directory, settings);
    }

    /** One that is started with these arguments of {@code java}, and ready. */
    public static AppProcess withOptions(List<String> options, Path directory, Map<String, String> settings) {
        AppProcess app = new AppProcess(settings, directory, options);
        app.start();
        return app;
    }

    /** Starts it without waiting until it is ready. */
    public static AppProcess launched(Path directory, Map<String, String> settings) {
        AppProcess app = new AppProcess(endsQuickly(settings), directory, quick());
        app.launch();
        return app;
    }

    /** Starts it and waits until it is ready. */
    public void start() {
        launch();
        Eventually.holds(() -> process.isAlive() && isReady());
    }

    /** Starts it. */
    public void launch() {
        List<String> command = new ArrayList<>(List.of(
                "env", "PORT=" + port, "MANAGEMENT_PORT=" + managementPort, "DATA_DIR=" + directory.resolve("data")));
        settings.forEach((name, value) -> command.add(name + "=" + value));
        command.add(AppJar.java());
        command.addAll(options);
        process = Processes.start(log(), command);
    }

    public boolean isReady() {
        return Processes.answers(port, "GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n", "HTTP/1.1 200");
    }

    public Api api() {
        return new Api(port);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    public void kill() {
        Processes.kill(process);
    }

    /** SIGTERM; returns when it has ended. */
    public int terminate() {
        Processes.signal(process.pid(), "TERM");
        return Processes.await(process);
    }

    /**
     * As {@link #terminate()}; kills it when it hasn't ended by then.
     *
     * @throws IllegalStateException then
     */
    public int terminate(Duration patience) {
        Processes.signal(process.pid(), "TERM");
        if (!Processes.endsWithin(patience, process)) {
            kill();
            throw new IllegalStateException("asked to end, it still ran after " + patience.toSeconds() + " s");
        }
        return process.exitValue();
    }

    /** Sends it a signal, by its name without SIG. */
    public void signal(String name) {
        Processes.signal(process.pid(), name);
    }

    /** What it has printed. */
    public Path log() {
        return directory.resolve("app.log");
    }

    /** What operators ask. */
    public Api management() {
        return new Api(managementPort);
    }

    public int managementPort() {
        return managementPort;
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            terminate();
        }
    }
}
