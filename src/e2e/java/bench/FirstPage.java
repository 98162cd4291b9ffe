package bench;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import logaggregator.explorer.Chromium;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.PostgresProcess;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;

/** Measures what somebody waits for who opens the log explorer on a month of logs. See bench/README.md. */
public final class FirstPage {

    private static final long ROWS = Long.getLong("bench.rows", 10_000_000);
    private static final int WINDOWS = 30;

    /** What is there when it has been painted and a script had its turn after that, in the order in which it appears. */
    private static final Map<String, String> PARTS = Map.of(
            "search box", "#search",
            "logs", ".rows .row",
            "numbers over time", ".u-over",
            "values of fields", ".fields details");

    /** Notes when each part is there; {@code performance.now()} begins when the address is entered. */
    private static final String CLOCK = """
            (() => {
                const parts = %s;
                window.times = {};
                new MutationObserver(() => {
                    for (const [name, selector] of Object.entries(parts)) {
                        if (!(name in window.times) && document.querySelector(selector)) {
                            window.times[name] = 0;
                            requestAnimationFrame(() => setTimeout(() => { window.times[name] = performance.now(); }));
                        }
                    }
                }).observe(document, { childList: true, subtree: true });
            })()""";

    private FirstPage() {}

    public static void main(String[] arguments) {
        Path directory = Servers.newDirectory("bench-page");
        try (PostgresProcess postgres = new PostgresProcess(directory);
                RedisProcess redis = new RedisProcess(directory.resolve("redis"))) {
            postgres.stop("fast");
            postgres.start("shared_buffers=1GB", "max_wal_size=4GB");
            // makes the tables
            service(directory, postgres, redis).close();
            Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            new Archive(new Database(postgres).jdbcUrl(), ROWS, end).fill();
            try (AppProcess service = service(directory, postgres, redis);
                    Chromium chromium = new Chromium()) {
                measure(service, chromium);
            }
        } catch (Exception | Error e) {
            // not thrown: threads of clients would keep this program from its end
            e.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    private static AppProcess service(Path directory, PostgresProcess postgres, RedisProcess redis) {
        Map<String, String> settings =
                Map.of("DATABASE_URL", postgres.url(), "REDIS_URL", redis.url(), "SEARCH_INDEX", "false");
        return AppProcess.withHeap("512m", directory, settings);
    }

    private static void measure(AppProcess service, Chromium chromium) {
        List<Map<String, Number>> all = new ArrayList<>();
        for (int n = 0; n < WINDOWS; n++) {
            all.add(open("http://127.0.0.1:" + service.port() + "/", chromium));
            chromium.closeWindows();
        }
        System.out.printf("%n%,d logs; a new window, %d times; ms after the address was entered:%n", ROWS, WINDOWS);
        System.out.println("| there, and painted | first after the start | p50 | p95 | max |");
        System.out.println("|---|---|---|---|---|");
        PARTS.keySet().stream()
                .sorted((a, b) -> Double.compare(median(all, a), median(all, b)))
                .forEach(part -> print(part, all));
    }

    private static void print(String part, List<Map<String, Number>> all) {
        List<Double> sorted = sorted(all.subList(1, all.size()), part);
        System.out.printf(
                "| %s | %.0f | %.0f | %.0f | %.0f |%n",
                part,
                all.get(0).get(part).doubleValue(),
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 95 / 100),
                sorted.get(sorted.size() - 1));
    }

    private static double median(List<Map<String, Number>> all, String part) {
        return sorted(all, part).get(all.size() / 2);
    }

    private static List<Double> sorted(List<Map<String, Number>> all, String part) {
        return all.stream().map(times -> times.get(part).doubleValue()).sorted().toList();
    }

    /** When each part was there, in a window that has nothing in its cache. */
    @SuppressWarnings("unchecked")
    private static Map<String, Number> open(String url, Chromium chromium) {
        Page page = chromium.window(url, 1280, 800, ColorScheme.LIGHT);
        page.addInitScript(CLOCK.formatted(json()));
        page.navigate(url);
        page.waitForFunction(
                "count => Object.values(window.times ?? {}).filter(Boolean).length === count", PARTS.size());
        return (Map<String, Number>) page.evaluate("window.times");
    }

    private static String json() {
        return PARTS.entrySet().stream()
                .map(part -> "'" + part.getKey() + "': '" + part.getValue() + "'")
                .reduce((a, b) -> a + ", " + b)
                .map(parts -> "{" + parts + "}")
                .orElseThrow();
    }
}
