package bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import logaggregator.support.Api;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.PostgresProcess;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;

/** Measures what readers wait for on a month of logs, alone and beside those who write. See bench/README.md. */
public final class ReadBenchmark {

    private static final long ROWS = Long.getLong("bench.rows", 10_000_000);
    private static final int WARM_UPS = 20;
    private static final int REQUESTS = 200;
    private static final int READERS = 100;
    private static final int WRITTEN_PER_SECOND = 5_000;
    private static final int RECORDS_PER_REQUEST = 500;
    private static final Duration TOGETHER = Duration.ofSeconds(30);
    private static final int EXPORTED = 1_000_000;

    private final Path directory;
    private final PostgresProcess postgres;
    private final RedisProcess redis;
    private final Database database;
    private final Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final SplittableRandom random = new SplittableRandom(42);

    private ReadBenchmark(Path directory, PostgresProcess postgres, RedisProcess redis) {
        this.directory = directory;
        this.postgres = postgres;
        this.redis = redis;
        this.database = new Database(postgres);
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Servers.newDirectory("bench-read");
        try (PostgresProcess postgres = new PostgresProcess(directory);
                RedisProcess redis = new RedisProcess(directory.resolve("redis"))) {
            postgres.stop("fast");
            postgres.start("shared_buffers=1GB", "max_wal_size=4GB");
            new ReadBenchmark(directory, postgres, redis).run();
        }
        System.exit(0);
    }

    private void run() throws Exception {
        // makes the tables
        service("512m").close();
        new Archive(database.jdbcUrl(), ROWS, end).fill();
        try (AppProcess service = service("512m")) {
            awaitIndexes();
            printSizes();
            measure(service.api());
            together(service);
        }
        try (AppProcess service = service("256m")) {
            export(service, "ndjson");
            export(service, "csv");
            export(service, "parquet");
        }
    }

    /** A worker that starts indexes the words of the days that are over. */
    private void awaitIndexes() {
        long days;
        do {
            LockSupport.parkNanos(1_000_000_000L);
            days = database.number(
                    "SELECT count(*) FROM pg_index WHERE indisvalid AND indexrelid::regclass::text ~ '_words$'");
        } while (days < Archive.DAYS);
    }

    private AppProcess service(String heap) {
        return AppProcess.withHeap(
                heap,
                directory,
                Map.of("DATABASE_URL", postgres.url(), "REDIS_URL", redis.url(), "QUERY_TIMEOUT", "15"));
    }

    private void printSizes() {
        System.out.printf("%n%,d logs of %d days; bytes per log:%n", ROWS, Archive.DAYS);
        print("table", "SELECT sum(pg_table_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'logs'::regclass");
        for (String index : List.of("logs_id", "logs_timestamp", "logs_app_timestamp", "logs_app_timestamp_errors")) {
            print(
                    index,
                    "SELECT sum(pg_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = '" + index
                            + "'::regclass");
        }
        print("words of closed days", "SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relname ~ '_words$'");
        print(
                "counts",
                "SELECT pg_total_relation_size('counts') + pg_total_relation_size('day_counts')"
                        + " + pg_total_relation_size('interval_counts')");
    }

    private void print(String name, String sql) {
        System.out.printf("| %s | %.1f |%n", name, (double) database.number(sql) / ROWS);
    }

    private void measure(Api api) {
        System.out.printf("%n%d requests each, one after the other; milliseconds:%n", REQUESTS);
        System.out.println("| question | p50 | p95 | max |");
        System.out.println("|---|---|---|---|");
        measure(api, "newest 50", () -> "/api/v1/logs/");
        measure(
                api,
                "newest 50 of an app and level, some hours",
                () -> "/api/v1/logs/?app=" + app() + "&level=" + level()
                        + times(Duration.ofHours(1 + random.nextInt(48))));
        measure(api, "newest 50 of a service", () -> "/api/v1/logs/?service=" + service());
        measure(api, "a page anywhere, by cursor", new CursorPages(api));
        measure(api, "one log by its id", () -> "/api/v1/logs/" + (1 + random.nextLong(ROWS)));
        measure(api, "statistics of all time", () -> "/api/v1/stats/");
        measure(
                api,
                "statistics of an hour",
                () -> "/api/v1/stats/?" + times(Duration.ofHours(1)).substring(1));
        measure(api, "histogram of 24 hours", () -> "/api/v1/stats/histogram?interval=15m" + times(Duration.ofDays(1)));
        measure(api, "a rare word, all time", () -> "/api/v1/logs/?q=" + Archive.RARE_WORD);
        measure(api, "a common word, newest 50", () -> "/api/v1/logs/?q=" + Archive.COMMON_WORD);
        measure(
                api,
                "a value of metadata, 24 hours",
                () -> "/api/v1/logs/?q=metadata_.user_id:" + random.nextInt(100_000) + times(Duration.ofDays(1)));
    }

    private void measure(Api api, String name, Supplier<String> question) {
        List<Long> nanos = new ArrayList<>();
        for (int n = -WARM_UPS; n < REQUESTS; n++) {
            String path = question.get();
            long begin = System.nanoTime();
            Api.Answer answer = api.get(path);
            long taken = System.nanoTime() - begin;
            if (answer.status() != 200) {
                throw new IllegalStateException(path + ": " + answer.response().body());
            }
            if (n >= 0) {
                nanos.add(taken);
            }
        }
        System.out.printf("| %s | %s |%n", name, percentiles(nanos));
    }

    private static String percentiles(List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        return "%.1f | %.1f | %.1f"
                .formatted(
                        sorted.get(sorted.size() / 2) / 1e6,
                        sorted.get(sorted.size() * 95 / 100) / 1e6,
                        sorted.get(sorted.size() - 1) / 1e6);
    }

    /** Walks back through a random time, one page for each question. */
    private final class CursorPages implements Supplier<String> {

        private final Api api;

        CursorPages(Api api) {
            this.api = api;
        }

        @Override
        public String get() {
            String link = api.get("/api/v1/logs/?" + times(Duration.ofDays(20)).substring(1))
                    .response()
                    .headers()
                    .firstValue("Link")
                    .orElseThrow();
            String next = link.substring(link.indexOf('<') + 1, link.indexOf('>'));
            return next.startsWith("http") ? next.substring(next.indexOf("/api/")) : next;
        }
    }

    private String app() {
        return Archive.apps().get(random.nextInt(Archive.apps().size()));
    }

    private String service() {
        List<String> services = Archive.services(app());
        return services.get(random.nextInt(services.size()));
    }

    private String level() {
        return List.of("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL").get(random.nextInt(5));
    }

    private String times(Duration length) {
        long minutes = Duration.ofDays(Archive.DAYS).minus(length).toMinutes();
        Instant start = end.minus(Duration.ofDays(Archive.DAYS)).plus(random.nextLong(minutes), ChronoUnit.MINUTES);
        return "&start_time=" + start + "&end_time=" + start.plus(length);
    }

    /** Readers ask again a second after each answer, as somebody would who watches; a writer sends at a constant rate. */
    private void together(AppProcess service) throws Exception {
        ExecutorService people = Executors.newFixedThreadPool(READERS + 1);
        List<Long> nanos = java.util.Collections.synchronizedList(new ArrayList<>());
        AtomicInteger failed = new AtomicInteger();
        AtomicInteger accepted = new AtomicInteger();
        long stop = System.nanoTime() + TOGETHER.toNanos();
        List<Future<?>> done = new ArrayList<>();
        done.add(people.submit(() -> write(service.api(), stop, accepted, failed)));
        Api api = service.api();
        for (int n = 0; n < READERS; n++) {
            String path = n % 2 == 0 ? "/api/v1/logs/" : "/api/v1/logs/?app=" + app();
            int place = n;
            done.add(people.submit(() -> {
                LockSupport.parkNanos(place * 10_000_000L);
                while (System.nanoTime() < stop) {
                    long begin = System.nanoTime();
                    if (api.get(path).status() != 200) {
                        failed.incrementAndGet();
                    }
                    nanos.add(System.nanoTime() - begin);
                    LockSupport.parkNanos(1_000_000_000L);
                }
            }));
        }
        for (Future<?> one : done) {
            one.get();
        }
        people.shutdown();
        System.out.printf(
                "%n%d readers ask for the newest 50, each a second after its last answer, while %,d logs/s are written (%,d"
                        + " accepted in %d s, %d failures): %d answers, p50 | p95 | max: %s ms%n",
                READERS,
                WRITTEN_PER_SECOND,
                accepted.get(),
                TOGETHER.toSeconds(),
                failed.get(),
                nanos.size(),
                percentiles(nanos));
        Eventually.holds(() -> database.logs(Workload.APP) == accepted.get());
    }

    private static void write(Api api, long stop, AtomicInteger accepted, AtomicInteger failed) {
        long due = System.nanoTime();
        for (int n = 0; System.nanoTime() < stop; n += RECORDS_PER_REQUEST) {
            Api.Answer answer =
                    api.ingest(Workload.ndjson(n, n + RECORDS_PER_REQUEST).getBytes(UTF_8));
            if (answer.status() == 200) {
                accepted.addAndGet(answer.body().get("enqueued").asInt());
            } else {
                failed.incrementAndGet();
            }
            due += 1_000_000_000L * RECORDS_PER_REQUEST / WRITTEN_PER_SECOND;
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    private void export(AppProcess service, String format) throws Exception {
        Instant start =
                end.minus(Duration.ofDays(Archive.DAYS).multipliedBy(EXPORTED).dividedBy(ROWS));
        URI uri = URI.create("http://127.0.0.1:" + service.port() + "/api/v1/logs/export?format=" + format
                + "&start_time=" + start + "&end_time=" + end);
        long begin = System.nanoTime();
        long bytes = 0;
        try (InputStream body = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofInputStream())
                .body()) {
            byte[] buffer = new byte[65_536];
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                bytes += read;
            }
        }
        System.out.printf(
                "export of %,d logs as %s with -Xmx256m: %.1f s, %,d MB%n",
                EXPORTED, format, (System.nanoTime() - begin) / 1e9, bytes / 1_000_000);
    }
}
