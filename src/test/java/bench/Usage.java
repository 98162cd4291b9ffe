package bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process has used since its start, as Linux counts it.
 *
 * @param cpuMicros of the process and its children
 * @param peakBytes the largest resident set of the process itself
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat(5)</a>
 */
record Usage(long cpuMicros, long peakBytes) {

    /** USER_HZ, which is 100 on every platform that has a JDK. */
    private static final long MICROS_PER_TICK = 10_000;

    /** Fields of stat, counted from the one after the program's name. */
    private static final int UTIME = 11;

    private static final int STIME = 12;
    private static final int CHILDREN_UTIME = 13;
    private static final int CHILDREN_STIME = 14;

    /** Of a process and its children; nothing when it has ended. */
    static Usage of(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElse(null);
        if (process == null) {
            return new Usage(0, 0);
        }
        long ticks = ticks(pid, UTIME, STIME, CHILDREN_UTIME, CHILDREN_STIME);
        List<Long> children = process.descendants().map(ProcessHandle::pid).toList();
        for (long child : children) {
            ticks += ticks(child, UTIME, STIME);
        }
        return new Usage(ticks * MICROS_PER_TICK, peak(pid));
    }

    private static long ticks(long pid, int... fields) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] values = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long sum = 0;
            for (int field : fields) {
                sum += Long.parseLong(values[field]);
            }
            return sum;
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a process has in memory now. */
    static long residentBytes(long pid) {
        return status(pid, "VmRSS:");
    }

    private static long peak(long pid) {
        return status(pid, "VmHWM:");
    }

    private static long status(long pid, String name) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
