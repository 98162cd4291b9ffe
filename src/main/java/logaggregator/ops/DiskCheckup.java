package logaggregator.ops;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import logaggregator.Checkup;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** The disk on which DATA_DIR is. */
@Component
@Order(3)
class DiskCheckup implements Checkup {

    private static final long GIB = 1L << 30;
    private static final long LITTLE = 2 * GIB;
    private static final String REMEDY = "make room, move DATA_DIR, or keep logs for a shorter time (RETENTION_DAYS)";

    private final Path directory;

    DiskCheckup(@Value("${app.data-dir}") String directory) {
        this.directory = Path.of(directory.isBlank() ? "./data" : directory);
    }

    @Override
    public String part() {
        return "disk";
    }

    @Override
    public List<Finding> look() {
        try {
            Path there = existing(directory.toAbsolutePath().normalize());
            FileStore disk = Files.getFileStore(there);
            String text = "%.1f of %.1f GiB are free where %s is"
                    .formatted((double) disk.getUsableSpace() / GIB, (double) disk.getTotalSpace() / GIB, directory);
            if (!Files.isWritable(there)) {
                return List.of(Finding.doubtful(
                        there + " can't be written", "only embedded servers need it: give it to the service's user"));
            }
            return List.of(disk.getUsableSpace() < LITTLE ? Finding.doubtful(text, REMEDY) : Finding.good(text));
        } catch (IOException e) {
            return List.of(Finding.bad(directory + " can't be looked at: " + e, "check DATA_DIR"));
        }
    }

    /** The service makes what is missing. */
    private static Path existing(Path path) {
        Path there = path;
        while (Files.notExists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }
}
