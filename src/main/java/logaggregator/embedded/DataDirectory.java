package logaggregator.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import logaggregator.settings.InvalidSettingException;

/** The directory of the embedded services, which belongs to one process at a time. */
final class DataDirectory implements AutoCloseable {

    private final Path path;
    private final FileChannel lockFile;

    private DataDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    static DataDirectory open(Path path) {
        try {
            Path absolute = Files.createDirectories(path).toRealPath();
            FileChannel channel =
                    FileChannel.open(absolute.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!isLocked(channel)) {
                channel.close();
                throw new InvalidSettingException(
                        "DATA_DIR",
                        "is in use by another process: " + absolute
                                + ". Give each process its own, or let them share services by DATABASE_URL and REDIS_URL.");
            }
            return new DataDirectory(absolute, channel);
        } catch (IOException e) {
            throw new InvalidSettingException("DATA_DIR", "can't be used: " + e, e);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException sameProcess) {
            return false;
        }
    }

    Path path() {
        return path;
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    /** The port a service had last time if it is free, so that scripts keep working; otherwise any free port. */
    int choosePort(String service) {
        Path file = resolve(service + ".port");
        try {
            int port = Files.exists(file)
                    ? freePort(Integer.parseInt(Files.readString(file).strip()))
                    : freePort(0);
            Files.writeString(file, port + System.lineSeparator());
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort(int wanted) throws IOException {
        try (ServerSocket socket = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException taken) {
            if (wanted == 0) {
                throw taken;
            }
            return freePort(0);
        }
    }

    /** Writes a file that only its owner may read. */
    void writePrivate(String name, String content) throws IOException {
        Path file = resolve(name);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, content);
    }

    /** Creates a directory that only its owner may enter. */
    Path createPrivate(String name) throws IOException {
        Path directory = resolve(name);
        if (!Files.exists(directory)) {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return directory;
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
