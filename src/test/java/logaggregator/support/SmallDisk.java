package logaggregator.support;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A disk in memory that can be filled to the last byte. Linux lets root alone have one. */
public final class SmallDisk {

    private final Path mountPoint;

    private SmallDisk(Path mountPoint) {
        this.mountPoint = mountPoint;
    }

    /** @param size as mount takes it */
    public static Optional<SmallDisk> mount(Path mountPoint, String size) {
        try {
            Files.createDirectories(mountPoint);
            if (run("mount", "-t", "tmpfs", "-o", "size=" + size, "none", mountPoint.toString())) {
                SmallDisk disk = new SmallDisk(mountPoint);
                Files.createDirectories(disk.directory());
                Runtime.getRuntime().addShutdownHook(new Thread(disk::unmount));
                return Optional.of(disk);
            }
        } catch (IOException e) {
            // told below
        }
        System.out.println("SKIPPED: the disk that is really full (this user may not mount one)");
        return Optional.empty();
    }

    /** An empty directory on it. */
    public Path directory() {
        return mountPoint.resolve("data");
    }

    /** Uses up what is free. */
    public void fill() throws IOException {
        byte[] block = new byte[1 << 20];
        try (OutputStream filler = Files.newOutputStream(filler())) {
            while (mountPoint.toFile().getUsableSpace() > 0) {
                filler.write(block, 0, (int)
                        Math.min(block.length, mountPoint.toFile().getUsableSpace()));
            }
        } catch (IOException full) {
            // somebody else took the rest
        }
    }

    public void free() throws IOException {
        Files.deleteIfExists(filler());
    }

    private Path filler() {
        return mountPoint.resolve("filler");
    }

    public void unmount() {
        try {
            run("umount", "-l", mountPoint.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean run(String... command) throws IOException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
