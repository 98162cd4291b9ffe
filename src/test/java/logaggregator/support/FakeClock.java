package logaggregator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The clock of one process, which can be set wrong while it runs. Time-outs, which need no clock, stay right. */
public final class FakeClock {

    /** Debian's package faketime. */
    private static final Optional<Path> LIBRARY = Stream.of("/usr/lib", "/usr/lib64", "/usr/local/lib")
            .map(Path::of)
            .filter(Files::isDirectory)
            .flatMap(FakeClock::libraries)
            .findFirst();

    private final Path offset;

    /** @param directory of the process */
    public FakeClock(Path directory) {
        try {
            this.offset = Files.createDirectories(directory).resolve("clock");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        setRight();
    }

    private static Stream<Path> libraries(Path directory) {
        Path library = Path.of("faketime", "libfaketime.so.1");
        try (Stream<Path> architectures = Files.list(directory)) {
            return Stream.concat(Stream.of(directory), architectures.toList().stream())
                    .map(parent -> parent.resolve(library))
                    .filter(Files::exists);
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    /** Whether this machine has what is needed. */
    public static boolean isPossible() {
        return LIBRARY.isPresent();
    }

    /** The environment variables that give a process this clock. */
    public Map<String, String> settings() {
        return Map.of(
                "LD_PRELOAD", LIBRARY.orElseThrow().toString(),
                "FAKETIME_TIMESTAMP_FILE", offset.toString(),
                "FAKETIME_NO_CACHE", "1",
                "DONT_FAKE_MONOTONIC", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                // or a wait of the JVM would return at once
                "FAKETIME_FORCE_MONOTONIC_FIX", "0");
    }

    /** From now on it is wrong by {@code error}. */
    public void setWrong(Duration error) {
        try {
            // never half written: it is read each time somebody looks at the clock
            Path next = offset.resolveSibling("clock.next");
            Files.writeString(next, String.format("%+d", error.toSeconds()));
            Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void setRight() {
        setWrong(Duration.ZERO);
    }
}
