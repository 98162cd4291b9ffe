package bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Logs of a month, as a company with 40 applications and 200 services would have them: few applications write most, most
 * logs are of level INFO, each has three to six keys of metadata. The same rows each time, up to the day they end on.
 */
final class Archive {

    static final int DAYS = 30;

    /** In one of {@value #RARE_EVERY} messages. */
    static final String RARE_WORD = "kumquat";

    /** In about one of seven messages. */
    static final String COMMON_WORD = "payment";

    /** What the service stores it counts itself. */
    private static final String ARCHIVED =
            "(SELECT * FROM logs WHERE app NOT IN ('" + Workload.APP + "', '" + Workload.COPY_APP + "')) AS l";

    private static final int RARE_EVERY = 1_000_000;
    private static final int ROWS_PER_WRITE = 500;
    private static final int CONNECTIONS = 2;
    private static final String[] TEAMS = {"shop", "billing", "crm", "erp", "mobile", "iot", "video", "search"};
    private static final String[] KINDS = {"web", "api", "jobs", "edge", "batch"};
    private static final String[] PARTS = {"gateway", "worker", "storage", "cache", "auth"};
    private static final String[] MESSAGES = {
        "GET /api/v1/orders/%d answered in %d ms",
        "POST /api/v1/carts/%d/items answered in %d ms",
        "payment %d authorised by the bank after %d ms",
        "cache miss for customer %d, loaded in %d ms",
        "user %d signed in with a password, session lasts %d s",
        "job %d finished, %d rows written",
        "connection %d to the database returned to the pool after %d ms"
    };
    private static final String[] TROUBLES = {
        "payment %d refused: the bank did not answer within %d ms",
        "could not reserve stock for order %d, attempt %d: java.net.SocketTimeoutException: Read timed out",
        "retrying message %d, attempt %d: lock wait timeout exceeded",
        "upstream %d answered 503 after %d ms"
    };

    private final String jdbcUrl;
    private final long rows;
    private final Instant end;
    private final double[] appWeights = new double[TEAMS.length * KINDS.length];

    /** @param end the first moment without logs */
    Archive(String jdbcUrl, long rows, Instant end) {
        this.jdbcUrl = jdbcUrl;
        this.rows = rows;
        this.end = end;
        double sum = 0;
        for (int n = 0; n < appWeights.length; n++) {
            sum += 1.0 / (n + 1);
            appWeights[n] = sum;
        }
    }

    static List<String> apps() {
        List<String> apps = new ArrayList<>();
        for (String team : TEAMS) {
            for (String kind : KINDS) {
                apps.add(team + "-" + kind);
            }
        }
        return apps;
    }

    static List<String> services(String app) {
        return List.of(PARTS).stream().map(part -> app + "-" + part).toList();
    }

    /** Writes the rows, their applications and their counts. */
    void fill() throws Exception {
        prepare();
        ExecutorService writers = Executors.newFixedThreadPool(CONNECTIONS);
        AtomicInteger done = new AtomicInteger();
        List<Future<?>> days = new ArrayList<>();
        for (int day = 0; day < DAYS; day++) {
            int chosen = day;
            days.add(writers.submit(() -> {
                copyDay(chosen);
                System.out.printf("%d of %d days written%n", done.incrementAndGet(), DAYS);
                return null;
            }));
        }
        for (Future<?> day : days) {
            day.get();
        }
        writers.shutdown();
        execute("INSERT INTO counts SELECT date_trunc('hour', timestamp, 'UTC'), app_id, level, service, count(*) FROM "
                + ARCHIVED + " GROUP BY 1, 2, 3, 4 ON CONFLICT DO NOTHING");
        execute(
                "INSERT INTO day_counts SELECT date_trunc('day', hour, 'UTC'), app_id, level, service, sum(n) FROM counts"
                        + " GROUP BY 1, 2, 3, 4 ON CONFLICT DO NOTHING");
        execute("INSERT INTO interval_counts SELECT date_bin('5 minutes', timestamp, 'epoch'), app_id, level, count(*)"
                + " FROM " + ARCHIVED + " GROUP BY 1, 2, 3 ON CONFLICT DO NOTHING");
        execute("VACUUM ANALYZE logs");
        execute("VACUUM ANALYZE counts, day_counts, interval_counts");
    }

    private void prepare() throws SQLException {
        for (int day = 0; day <= DAYS; day++) {
            execute("SELECT ensure_logs_partition('"
                    + end.minus(Duration.ofDays(day)).atZone(ZoneOffset.UTC).toLocalDate() + "')");
        }
        for (String app : apps()) {
            execute("INSERT INTO apps (name) VALUES ('" + app + "') ON CONFLICT DO NOTHING");
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void copyDay(int day) throws SQLException {
        long from = rows * day / DAYS;
        long to = rows * (day + 1) / DAYS;
        Instant begin = end.minus(Duration.ofDays(DAYS - day));
        double micros = Duration.ofDays(1).toNanos() / 1_000.0 / (to - from);
        SplittableRandom random = new SplittableRandom(day);
        try (Connection connection = DriverManager.getConnection(jdbcUrl)) {
            int[] ids = ids(connection);
            CopyIn copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "COPY logs (app_id, app, level, service, message, metadata_, timestamp, received_at) FROM STDIN");
            StringBuilder text = new StringBuilder();
            for (long n = from; n < to; n++) {
                Instant time = begin.plus((long) ((n - from) * micros), ChronoUnit.MICROS);
                addRow(text, n, time, random, ids);
                if (n % ROWS_PER_WRITE == 0 || n == to - 1) {
                    byte[] bytes = text.toString().getBytes(UTF_8);
                    copy.writeToCopy(bytes, 0, bytes.length);
                    text.setLength(0);
                }
            }
            copy.endCopy();
        }
    }

    private static int[] ids(Connection connection) throws SQLException {
        List<String> apps = apps();
        int[] ids = new int[apps.size()];
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT name, id FROM apps")) {
            while (rows.next()) {
                int place = apps.indexOf(rows.getString(1));
                if (place >= 0) {
                    ids[place] = rows.getInt(2);
                }
            }
        }
        return ids;
    }

    private void addRow(StringBuilder text, long n, Instant time, SplittableRandom random, int[] ids) {
        int app = app(random);
        String name = TEAMS[app / KINDS.length] + "-" + KINDS[app % KINDS.length];
        String level = level(random.nextDouble());
        String service = name + "-" + PARTS[random.nextInt(PARTS.length)];
        text.append(ids[app])
                .append('\t')
                .append(name)
                .append('\t')
                .append(level)
                .append('\t')
                .append(service);
        text.append('\t').append(message(n, level, random)).append('\t').append(metadata(random));
        text.append('\t').append(time).append('\t').append(time).append('\n');
    }

    private int app(SplittableRandom random) {
        double point = random.nextDouble() * appWeights[appWeights.length - 1];
        int app = 0;
        while (appWeights[app] < point) {
            app++;
        }
        return app;
    }

    private static String level(double point) {
        if (point < 0.72) {
            return "INFO";
        }
        if (point < 0.90) {
            return "DEBUG";
        }
        if (point < 0.97) {
            return "WARNING";
        }
        return point < 0.997 ? "ERROR" : "CRITICAL";
    }

    private static String message(long n, String level, SplittableRandom random) {
        String[] choice = level.equals("INFO") || level.equals("DEBUG") ? MESSAGES : TROUBLES;
        String message =
                choice[random.nextInt(choice.length)].formatted(random.nextInt(1_000_000), random.nextInt(2_000));
        return n % RARE_EVERY == RARE_EVERY / 2 ? message + " (" + RARE_WORD + ")" : message;
    }

    private static String metadata(SplittableRandom random) {
        StringBuilder json = new StringBuilder("{\"trace_id\": \"")
                .append(Long.toHexString(random.nextLong()))
                .append("\", \"user_id\": ")
                .append(random.nextInt(100_000))
                .append(", \"ms\": ")
                .append(random.nextInt(2_000));
        int more = random.nextInt(4);
        if (more > 0) {
            json.append(", \"host\": \"node-").append(random.nextInt(24)).append('"');
        }
        if (more > 1) {
            json.append(", \"region\": \"")
                    .append(random.nextBoolean() ? "eu-west-1" : "us-east-2")
                    .append('"');
        }
        if (more > 2) {
            json.append(", \"retried\": ").append(random.nextBoolean());
        }
        return json.append('}').toString();
    }
}
