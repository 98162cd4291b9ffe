package bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
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

    /** As many as there are connections to the database. */
    private static final int WARMING = 16;

    private static final Duration WARM_UP = Duration.ofSeconds(60);
    private static final int REQUESTS = 200;
    private static final int READERS = 100;
    private static final int WRITTEN_PER_SECOND = 5_000;
    private static final int RECORDS_PER_REQUEST = 500;
    private static final Duration TOGETHER = Duration.ofSeconds(30);
    private static final Duration INDEXING = Duration.ofMinutes(15);
    private static final int EXPORTED = 1_000_000;
    private static final int KEPT_DAYS = 10;
    private static final Duration REMOVING = Duration.ofMinutes(3);

    private final Path directory;
    private final PostgresProcess postgres;
    private final RedisProcess redis;
    private final Database database;
    private final Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private ReadBenchmark(Path directory, PostgresProcess postgres, RedisProcess redis) {
        this.directory = directory;
        this.postgres = postgres;
        this.redis = redis;
        this.database = new Database(postgres);
    }

    public static void main(String[] arguments) {
        Path directory = Servers.newDirectory("bench-read");
        try (PostgresProcess postgres = new PostgresProcess(directory);
                RedisProcess redis = new RedisProcess(directory.resolve("redis"))) {
            postgres.stop("fast");
            postgres.start("shared_buffers=1GB", "max_wal_size=4GB");
            new ReadBenchmark(directory, postgres, redis).run();
        } catch (Exception | Error e) {
            // not thrown: threads of clients would keep this program from its end
            e.printStackTrace();
            System.exit(1);
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
            delete(service);
        }
        try (AppProcess service = service("256m", "RETENTION_DAYS", Integer.toString(KEPT_DAYS))) {
            drop(service);
        }
    }

    /** A worker that starts indexes the words of the days that are over; of the last one only an hour after its end. */
    private void awaitIndexes() {
        long stop = System.nanoTime() + INDEXING.toNanos();
        while (database.number(
                        "SELECT count(*) FROM pg_index WHERE indisvalid AND indexrelid::regclass::text ~ '_words$'")
                < Archive.DAYS - 1) {
            if (System.nanoTime() > stop) {
                throw new IllegalStateException("the words of closed days are not indexed");
            }
            LockSupport.parkNanos(1_000_000_000L);
        }
    }

    private AppProcess service(String heap) {
        return service(heap, "QUERY_TIMEOUT", "15");
    }

    private AppProcess service(String heap, String setting, String value) {
        return AppProcess.withHeap(
                heap, directory, Map.of("DATABASE_URL", postgres.url(), "REDIS_URL", redis.url(), setting, value));
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

    private void measure(Api api) throws Exception {
        Map<String, Supplier<String>> questions = new ReadQuestions(api, ROWS, end).all();
        warmUp(api, List.copyOf(questions.values()));
        System.out.printf("%n%d requests each, one after the other; milliseconds:%n", REQUESTS);
        System.out.println("| question | p50 | p95 | max |");
        System.out.println("|---|---|---|---|");
        questions.forEach((name, question) -> {
            List<Long> nanos = new ArrayList<>();
            for (int n = 0; n < REQUESTS; n++) {
                nanos.add(ask(api, question));
            }
            System.out.printf("| %s | %s |%n", name, percentiles(nanos));
        });
    }

    /** The first plans on each connection take longer, and so does code that isn't compiled yet. */
    private static void warmUp(Api api, List<Supplier<String>> questions) throws Exception {
        long stop = System.nanoTime() + WARM_UP.toNanos();
        Load.inParallel(WARMING, place -> {
            for (int n = place; System.nanoTime() < stop; n++) {
                // whatever the answer: sixteen searches at a time through what no memory holds yet may take too long
                api.get(questions.get(n % questions.size()).get());
            }
        });
    }

    /** Returns how long the answer took, in nanoseconds. */
    private static long ask(Api api, Supplier<String> question) {
        String path = question.get();
        long begin = System.nanoTime();
        Api.Answer answer = api.get(path);
        long taken = System.nanoTime() - begin;
        if (answer.status() != 200) {
            throw new IllegalStateException(path + ": " + answer.response().body());
        }
        return taken;
    }

    private static String percentiles(List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        return "%.1f | %.1f | %.1f"
                .formatted(
                        sorted.get(sorted.size() / 2) / 1e6,
                        sorted.get(sorted.size() * 95 / 100) / 1e6,
                        sorted.get(sorted.size() - 1) / 1e6);
    }

    /** Readers ask again a second after each answer, as somebody would who watches; a writer sends at a constant rate. */
    private void together(AppProcess service) throws Exception {
        List<Long> nanos = java.util.Collections.synchronizedList(new ArrayList<>());
        AtomicInteger failed = new AtomicInteger();
        AtomicInteger accepted = new AtomicInteger();
        long stop = System.nanoTime() + TOGETHER.toNanos();
        Api api = service.api();
        Load.inParallel(READERS + 1, place -> {
            if (place == READERS) {
                write(api, () -> System.nanoTime() < stop, accepted, failed);
                return;
            }
            String path = place % 2 == 0
                    ? "/api/v1/logs/"
                    : "/api/v1/logs/?app="
                            + Archive.apps().get(place % Archive.apps().size());
            LockSupport.parkNanos(place * 10_000_000L);
            while (System.nanoTime() < stop) {
                long begin = System.nanoTime();
                if (api.get(path).status() != 200) {
                    failed.incrementAndGet();
                }
                nanos.add(System.nanoTime() - begin);
                LockSupport.parkNanos(1_000_000_000L);
            }
        });
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

    /** Returns how long the slowest answer took, in nanoseconds. */
    private static long write(
            Api api, BooleanSupplier goesOn, AtomicInteger accepted, AtomicInteger failed, String... headers) {
        long slowest = 0;
        long due = System.nanoTime();
        for (int n = 0; goesOn.getAsBoolean(); n += RECORDS_PER_REQUEST) {
            long begin = System.nanoTime();
            Api.Answer answer =
                    api.ingest(Workload.ndjson(n, n + RECORDS_PER_REQUEST).getBytes(UTF_8), headers);
            if (answer.status() == 200) {
                accepted.addAndGet(answer.body().get("enqueued").asInt());
            } else {
                failed.incrementAndGet();
            }
            slowest = Math.max(slowest, System.nanoTime() - begin);
            due += 1_000_000_000L * RECORDS_PER_REQUEST / WRITTEN_PER_SECOND;
            LockSupport.parkNanos(due - System.nanoTime());
        }
        return slowest;
    }

    /** The app that has most logs is deleted while others are written. */
    private void delete(AppProcess service) throws Exception {
        long app = database.number(
                "SELECT id FROM apps WHERE name = '" + Archive.apps().get(0) + "'");
        String ofApp = "SELECT count(*) FROM logs WHERE app_id = " + app;
        long logs = database.number(ofApp);
        long begin = System.nanoTime();
        String meanwhile = whileWriting(service, () -> {
            if (service.api().delete("/api/v1/apps/" + app).status() != 200) {
                throw new IllegalStateException("the app is not deleted");
            }
            awaitZero(ofApp);
        });
        System.out.printf(
                "an app with %,d logs deleted in %.1f s, %s%n", logs, (System.nanoTime() - begin) / 1e9, meanwhile);
    }

    /** Most days are dropped while others are written. */
    private void drop(AppProcess service) throws Exception {
        String tooOld = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'logs'::regclass"
                + " AND inhrelid::regclass::text < to_char((now() AT TIME ZONE 'UTC')::date - " + KEPT_DAYS
                + ", '\"logs_\"YYYYMMDD')";
        long days = database.number(tooOld);
        String meanwhile = whileWriting(service, () -> awaitZero(tooOld));
        List<Long> waited = Pattern.compile("others waited (\\d+) ms")
                .matcher(Files.readString(service.log()))
                .results()
                .map(match -> Long.parseLong(match.group(1)))
                .sorted()
                .toList();
        System.out.printf("%d days dropped, for each of which others waited %s ms, %s%n", days, waited, meanwhile);
    }

    private void awaitZero(String number) {
        long stop = System.nanoTime() + REMOVING.toNanos();
        while (database.number(number) > 0) {
            if (System.nanoTime() > stop) {
                throw new IllegalStateException("after " + REMOVING + " there are still some: " + number);
            }
            LockSupport.parkNanos(500_000_000L);
        }
    }

    /** Each request is asked to be stored before it is answered. */
    private static String whileWriting(AppProcess service, Runnable work) throws Exception {
        AtomicInteger failed = new AtomicInteger();
        AtomicInteger accepted = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong slowest = new AtomicLong();
        Load.inParallel(2, place -> {
            if (place == 0) {
                slowest.set(write(service.api(), () -> !done.get(), accepted, failed, "Prefer", "wait"));
                return;
            }
            try {
                work.run();
            } finally {
                done.set(true);
            }
        });
        return "meanwhile %,d logs stored, %d requests failed, the slowest took %d ms"
                .formatted(accepted.get(), failed.get(), slowest.get() / 1_000_000);
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
