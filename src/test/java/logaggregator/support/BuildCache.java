package logaggregator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.springframework.util.FileSystemUtils;

/** What takes long to make is made once in a build, by the first of its JVMs that needs it; {@code mvn clean} removes it. */
final class BuildCache {

    private static final Path PARENT = Path.of("target/made-once").toAbsolutePath();

    private BuildCache() {}

    /** What fills a directory that isn't there yet. */
    interface Maker {
        void make(Path directory) throws IOException;
    }

    /** The directory of this name, after it was made; another JVM that makes it at this moment is waited for. */
    static synchronized Path directory(String name, Maker maker) {
        Path directory = PARENT.resolve(name);
        Path complete = PARENT.resolve(name + ".complete");
        try {
            Files.createDirectories(PARENT);
            try (FileChannel one = FileChannel.open(
                    PARENT.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                one.lock();
                if (!Files.exists(complete)) {
                    FileSystemUtils.deleteRecursively(directory);
                    maker.make(directory);
                    Files.createFile(complete);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return directory;
    }
}
