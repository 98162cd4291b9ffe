package bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import logaggregator.support.AppProcess;
import org.HdrHistogram.Histogram;

/** One process with the heap that a container of 512 MiB gives it takes and stores 10,000 logs/s for minutes: it must not grow. */
final class Soak {

    private static final int MINUTES = Integer.getInteger("bench.minutes", 10);
    private static final int REQUESTS_PER_SECOND = 20;
    private static final int CONNECTIONS = 16;
    private static final int SECONDS_APART = 10;

    /** As the image says it; a container would say the first by its limit. */
    private static final String[] OPTIONS = {"-XX:MaxRAM=512m", "-XX:MaxRAMPercentage=44", "-XX:+ExitOnOutOfMemoryError"
    };

    private final Stage stage;
    private final Requests requests;
    private final Series resident = new Series("soak: resident memory, every ten seconds", "MiB");
    private final Series answers = new Series("soak: answers of a minute, p99", "ms");

    Soak(Stage stage, Requests requests) {
        this.stage = stage;
        this.requests = requests;
    }

    List<Series> measure() throws Exception {
        AppProcess service = stage.start("api,worker,alerts", OPTIONS);
        Load load = new Load(service.port());
        long before = stage.stored();
        Meter meter = stage.meter();
        Series heap = new Series("soak: heap after a collection, once a minute has passed, and at the end", "MiB");
        List<Long> samples = Collections.synchronizedList(new ArrayList<>());
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
        watch.scheduleAtFixedRate(
                () -> samples.add(Usage.residentBytes(service.pid()) >> 20),
                SECONDS_APART,
                SECONDS_APART,
                TimeUnit.SECONDS);
        try {
            for (int minute = 1; minute <= MINUTES; minute++) {
                Histogram times = load.openLoop(
                        requests,
                        CONNECTIONS,
                        REQUESTS_PER_SECOND,
                        (int) TimeUnit.MINUTES.toSeconds(1) * REQUESTS_PER_SECOND);
                answers.add(times.getValueAtPercentile(99) / 1e3);
                if (minute == 1 || minute == MINUTES) {
                    heap.add(heapAfterCollection(service));
                }
                System.out.printf(
                        Locale.ROOT,
                        "minute %d: %s MiB resident, 99 %% of answers within %.1f ms%n",
                        minute,
                        samples.subList(Math.max(0, samples.size() - 6), samples.size()),
                        times.getValueAtPercentile(99) / 1e3);
            }
        } finally {
            watch.shutdownNow();
        }
        long sent = (long) MINUTES * 60 * REQUESTS_PER_SECOND * requests.records() / requests.count();
        stage.awaitStored(before + sent);
        stage.expectStored(before + sent);
        samples.forEach(mib -> resident.add(mib, meter.per(sent)));
        return List.of(resident, heap, answers);
    }

    private static double heapAfterCollection(AppProcess service) throws IOException, InterruptedException {
        new ProcessBuilder("jcmd", Long.toString(service.pid()), "GC.run")
                .start()
                .waitFor();
        return service.management()
                        .get("/actuator/prometheus")
                        .response()
                        .body()
                        .lines()
                        .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
                        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                        .sum()
                / (1 << 20);
    }
}
