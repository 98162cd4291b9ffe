package logaggregator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import logaggregator.embedded.PostgresPrograms;
import org.springframework.util.FileSystemUtils;

/** A PostgreSQL server of a test's own. {@code -Dtest.postgres=BIN_DIRECTORY} chooses another one. */
public final class PostgresProcess implements AutoCloseable {

    private final Path directory;
    private final Path programs;
    private final int port;

    public PostgresProcess(Path parent) {
        this.directory = parent.resolve("postgres");
        this.programs = programs();
        this.port = Ports.free();
        Path empty = BuildCache.directory(
                "postgres-" + Integer.toHexString(programs.hashCode()),
                data -> run("initdb", "-D", data.toString(), "-A", "trust", "-U", "postgres", "-E", "UTF-8"));
        try {
            Files.createDirectories(parent);
            Processes.run(List.of("cp", "-pR", empty.toString(), directory.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    /** Exchanges its data for those of another one, which it follows from its next start on; both must be stopped. */
    public void copy(PostgresProcess primary) {
        try {
            FileSystemUtils.deleteRecursively(directory);
            FileSystemUtils.copyRecursively(primary.directory, directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        follow(primary);
    }

    /** Is a standby of another one from its next start on, with the data it has. */
    public void follow(PostgresProcess primary) {
        try {
            Files.createFile(directory.resolve("standby.signal"));
            Files.writeString(
                    directory.resolve("postgresql.auto.conf"),
                    "primary_conninfo = 'host=127.0.0.1 user=postgres port=" + primary.port + "'\n",
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a standby a primary. */
    public void promote() {
        run("pg_ctl", "-D", directory.toString(), "-w", "promote");
    }

    /**
     * Starts it, or starts it again with the data it had, and waits until it takes connections.
     *
     * @param settings {@code name=value}, until it is stopped
     */
    public void start(String... settings) {
        String options = "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
                + Stream.of(settings).map(setting -> " -c " + setting).collect(Collectors.joining());
        run("pg_ctl", "-D", directory.toString(), "-o", options, "-l", directory + "/server.log", "-w", "start");
    }

    /** Ends it as a crash of the machine would: without a checkpoint, cutting all connections. */
    public void crash() {
        stop("immediate");
    }

    /** @param mode fast or immediate */
    public void stop(String mode) {
        run("pg_ctl", "-D", directory.toString(), "-m", mode, "-w", "stop");
    }

    /** SIGKILL to all its processes. */
    public void kill() {
        List<ProcessHandle> processes = processes();
        processes.forEach(ProcessHandle::destroyForcibly);
        Eventually.holds(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** Sends all its processes a signal, by its name without SIG. */
    public void signal(String name) {
        processes().forEach(process -> Processes.signal(process.pid(), name));
    }

    public boolean isRunning() {
        return Files.exists(directory.resolve("postmaster.pid"));
    }

    /** The postmaster first, so that it starts no others meanwhile. */
    private List<ProcessHandle> processes() {
        ProcessHandle postmaster = ProcessHandle.of(pid()).orElseThrow();
        return Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    }

    /** Of the postmaster, whose children do the work. */
    public long pid() {
        try {
            return Long.parseLong(Files.readAllLines(directory.resolve("postmaster.pid"))
                    .get(0)
                    .strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    public String url() {
        return "postgresql://postgres@127.0.0.1:" + port + "/postgres";
    }

    private void run(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            // PostgreSQL refuses to run as root
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        try {
            Processes.run(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path programs() {
        String chosen = System.getProperty("test.postgres", "");
        try {
            return !chosen.isBlank()
                    ? Path.of(chosen)
                    : PostgresPrograms.unpack(Path.of("target").toAbsolutePath())
                            .directory();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        crash();
    }
}
