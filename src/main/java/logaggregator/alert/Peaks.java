package logaggregator.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import logaggregator.store.RecentLogs.Part;
import org.jspecify.annotations.Nullable;

/** The most logs that there were in any stretch of time of some length, by group. */
final class Peaks {

    private Peaks() {}

    /** @param group null for what doesn't matter */
    static <K> Map<String, Long> of(List<Part<K>> parts, Duration window, Function<K, @Nullable String> group) {
        Map<String, List<Part<K>>> byGroup = new HashMap<>();
        for (Part<K> part : parts) {
            String name = group.apply(part.kind());
            if (name != null) {
                byGroup.computeIfAbsent(name, key -> new ArrayList<>()).add(part);
            }
        }
        Map<String, Long> peaks = new HashMap<>();
        byGroup.forEach((name, its) -> peaks.put(name, peak(its, window)));
        return peaks;
    }

    private static <K> long peak(List<Part<K>> parts, Duration window) {
        parts.sort(Comparator.comparing(Part::end));
        Deque<Part<K>> inWindow = new ArrayDeque<>();
        long sum = 0;
        long peak = 0;
        for (Part<K> part : parts) {
            inWindow.addLast(part);
            sum += part.n();
            Instant begin = part.end().minus(window);
            while (!inWindow.getFirst().end().isAfter(begin)) {
                sum -= inWindow.removeFirst().n();
            }
            peak = Math.max(peak, sum);
        }
        return peak;
    }
}
