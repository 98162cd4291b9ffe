package bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import logaggregator.support.Api;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.PostgresProcess;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import org.postgresql.PGConnection;

/**
 * Measures how many logs a second the service accepts and stores, beside what PostgreSQL takes by COPY into the same table
 * in the same minute. See bench/README.md.
 */
public final class Benchmark {

    private static final int RECORDS = 200_000;
    private static final int RECORDS_PER_REQUEST = 500;
    private static final int CONNECTIONS = 4;
    private static final int ROUNDS = 3;

    private final Database database;
    private final Api api;
    private final List<byte[]> bodies = new ArrayList<>();
    private final byte[] rows;

    private Benchmark(PostgresProcess postgres, Api api) {
        this.database = new Database(postgres);
        this.api = api;
        for (int from = 0; from < RECORDS; from += RECORDS_PER_REQUEST) {
            bodies.add(Workload.ndjson(from, from + RECORDS_PER_REQUEST).getBytes(UTF_8));
        }
        rows = Workload.copyText(0, RECORDS).getBytes(UTF_8);
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Servers.newDirectory("bench");
        try (PostgresProcess postgres = new PostgresProcess(directory);
                RedisProcess redis = new RedisProcess(directory.resolve("redis"));
                AppProcess service =
                        new AppProcess(directory, Map.of("DATABASE_URL", postgres.url(), "REDIS_URL", redis.url()))) {
            Benchmark benchmark = new Benchmark(postgres, service.api());
            if (Boolean.getBoolean("bench.indexes")) {
                benchmark.compareIndexes();
            } else {
                benchmark.run();
            }
        }
        System.exit(0);
    }

    /** The same with nothing to find logs by but a primary key and a BRIN, in turn with the indexes of the service. */
    private void compareIndexes() throws Exception {
        List<String> indexes = database.column("SELECT indexdef FROM pg_indexes WHERE tablename = 'logs'");
        round();
        List<double[]> with = new ArrayList<>();
        List<double[]> without = new ArrayList<>();
        for (int n = 1; n <= ROUNDS; n++) {
            with.add(round());
            database.execute("DROP INDEX "
                    + String.join(", ", database.column("SELECT indexname FROM pg_indexes WHERE tablename = 'logs'")));
            database.execute(
                    "CREATE INDEX primary_key ON logs (id); CREATE INDEX times ON logs USING brin (timestamp)");
            without.add(round());
            database.execute("DROP INDEX primary_key, times");
            indexes.forEach(index -> database.execute(index.replace(" ON ONLY ", " ON ")));
            System.out.printf("round %d of %d%n", n, ROUNDS);
        }
        System.out.println();
        System.out.println("| with primary key and BRIN only, logs/s | median | lowest | highest | |");
        System.out.println("|---|---|---|---|---|");
        double copy = print("COPY", without, 0, 0);
        double stored = print("accepted and stored", without, 2, 0);
        System.out.println("| with the indexes of the service | | | | of the above |");
        print("COPY", with, 0, copy);
        print("accepted and stored", with, 2, stored);
    }

    private void run() throws Exception {
        System.out.printf(
                "%,d records of %d bytes, %d in a request, %d connections; Redis with appendfsync always;"
                        + " %d processors for everything, this program too%n",
                RECORDS,
                bodies.get(0).length / RECORDS_PER_REQUEST,
                RECORDS_PER_REQUEST,
                CONNECTIONS,
                Runtime.getRuntime().availableProcessors());
        System.out.println("warming up");
        round();
        List<double[]> rounds = new ArrayList<>();
        for (int n = 1; n <= ROUNDS; n++) {
            double[] result = round();
            rounds.add(result);
            System.out.printf(
                    "round %d: COPY %,.0f rows/s, accepted %,.0f logs/s, stored %,.0f logs/s%n",
                    n, result[0], result[1], result[2]);
        }
        System.out.println();
        System.out.println("|  | median | lowest | highest | of COPY |");
        System.out.println("|---|---|---|---|---|");
        double copy = print("COPY into the same table, rows/s", rounds, 0, 0);
        print("accepted, logs/s", rounds, 1, copy);
        print("accepted and stored, logs/s", rounds, 2, copy);
    }

    private static double print(String name, List<double[]> rounds, int column, double copy) {
        double[] sorted =
                rounds.stream().mapToDouble(round -> round[column]).sorted().toArray();
        double median = sorted[sorted.length / 2];
        System.out.printf(
                "| %s | %,.0f | %,.0f | %,.0f | %.2f |%n",
                name, median, sorted[0], sorted[sorted.length - 1], copy == 0 ? 1 : median / copy);
        return median;
    }

    /** COPY rows/s, logs/s accepted, logs/s accepted and stored. */
    private double[] round() throws Exception {
        double copy = copy();
        long storedBefore = stored();
        long begin = System.nanoTime();
        send();
        double accepted = perSecond(begin);
        Eventually.holds(() -> stored() == storedBefore + RECORDS);
        double stored = perSecond(begin);
        long rowsInTable = database.logs(Workload.APP);
        if (rowsInTable != stored()) {
            throw new IllegalStateException(rowsInTable + " rows, but " + stored() + " counted");
        }
        return new double[] {copy, accepted, stored};
    }

    private double copy() throws Exception {
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl())) {
            long begin = System.nanoTime();
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "COPY logs (app_id, app, level, service, message, metadata_, timestamp, received_at) FROM STDIN",
                            new java.io.ByteArrayInputStream(rows));
            return perSecond(begin);
        }
    }

    private void send() throws Exception {
        ExecutorService senders = Executors.newFixedThreadPool(CONNECTIONS);
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> done = new ArrayList<>();
        for (int n = 0; n < CONNECTIONS; n++) {
            done.add(senders.submit(() -> {
                for (int body = next.getAndIncrement(); body < bodies.size(); body = next.getAndIncrement()) {
                    Api.Answer answer = api.ingest(bodies.get(body));
                    if (answer.status() != 200 || answer.body().get("enqueued").asInt() != RECORDS_PER_REQUEST) {
                        throw new IllegalStateException(answer.response().body());
                    }
                }
            }));
        }
        for (Future<?> sender : done) {
            sender.get();
        }
        senders.shutdown();
    }

    private long stored() {
        return database.number(
                "SELECT coalesce(sum(n), 0) FROM (SELECT n FROM counts UNION ALL SELECT n FROM count_deltas) c"
                        + " JOIN apps ON apps.id = app_id WHERE name = '" + Workload.APP + "'");
    }

    private static double perSecond(long begin) {
        return RECORDS / ((System.nanoTime() - begin) / 1e9);
    }
}
