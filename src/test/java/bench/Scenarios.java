package bench;

import bench.Meter.Cost;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import logaggregator.support.AppProcess;

/** What is measured. Each scenario starts its own processes of the service and warms them up by one round that doesn't count. */
final class Scenarios {

    /** One scenario; it returns its lines of the result. */
    interface Scenario {
        List<Series> run() throws Exception;
    }

    private static final int RECORDS = 200_000;
    private static final int SUSTAINED = 1_000_000;
    private static final int PER_REQUEST = 500;
    private static final int SINGLES = 60_000;
    private static final long[] ROWS_STORED = {1_000_000, 10_000_000, 50_000_000};
    private static final long MOST_ROWS = Long.getLong("bench.rows", 50_000_000);
    private static final int CONNECTIONS = 4;
    private static final int SINGLE_CONNECTIONS = 16;

    private final Stage stage;
    private final Yardsticks yardsticks;
    private final int rounds;

    Scenarios(Stage stage, int rounds) {
        this.stage = stage;
        this.yardsticks = new Yardsticks(stage, RECORDS);
        this.rounds = rounds;
    }

    Map<String, Scenario> all() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        all.put("yardsticks", this::yardsticks);
        all.put(
                "ndjson",
                () -> acceptAndStore("NDJSON, 500 to a request", ndjson(RECORDS, PER_REQUEST), CONNECTIONS, 1));
        all.put("array", () -> accept("JSON array of 500", Requests.array(RECORDS, PER_REQUEST, Workload::json)));
        all.put(
                "mixed",
                () -> accept(
                        "NDJSON, 5 % bad",
                        Requests.ndjson(RECORDS, PER_REQUEST, Workload::mixed).expecting(RECORDS / 20 * 19)));
        all.put("single", this::single);
        all.put("sustained", this::sustained);
        all.put("two-workers", () -> acceptAndStore("two workers", ndjson(RECORDS, PER_REQUEST), CONNECTIONS, 2));
        all.put("fallback", this::fallback);
        all.put("latency", this::latency);
        all.put("start", () -> new StartUp(stage).measure(rounds));
        return all;
    }

    /** Scenarios that are measured only when they are asked for. */
    Map<String, Scenario> growth() {
        Map<String, Scenario> growth = new LinkedHashMap<>();
        growth.put("request-size", this::requestSize);
        growth.put("record-size", this::recordSize);
        growth.put("workers", this::workers);
        growth.put("rows", this::rows);
        growth.put("indexes", this::indexes);
        growth.put("soak", () -> new Soak(stage, ndjson(RECORDS, PER_REQUEST)).measure());
        growth.put("alerts", () -> new RuleCost(stage, ndjson(RECORDS, PER_REQUEST)).measure(rounds));
        return growth;
    }

    private List<Series> yardsticks() throws Exception {
        // makes the tables
        stage.start("api");
        Series copy = new Series("COPY, one connection", "rows/s");
        Series parse = new Series("parse and check, one processor", "µs by record");
        Series always = new Series("XADD of 500, appendfsync always", "logs/s");
        Series everysec = new Series("XADD of 500, appendfsync everysec", "logs/s");
        yardsticks.parse(new Series("warm-up", ""));
        for (int n = 0; n < rounds; n++) {
            yardsticks.copy(copy);
            yardsticks.parse(parse);
            yardsticks.redis(always, "always");
            yardsticks.redis(everysec, "everysec");
        }
        return List.of(copy, parse, always, everysec);
    }

    private static Requests ndjson(int records, int perRequest) {
        return Requests.ndjson(records, perRequest, Workload::json);
    }

    /** One process accepts while the workers are held; then they store what is in the queue. */
    private List<Series> acceptAndStore(String name, Requests requests, int connections, int workers) throws Exception {
        Load load = new Load(stage.start("api").port());
        for (int n = 0; n < workers; n++) {
            stage.start("worker");
        }
        Series accepted = new Series("accept: " + name, "logs/s");
        Series stored = new Series("store: " + name, "logs/s");
        Series copy = new Series("COPY beside it", "rows/s");
        Series parse = new Series("parse beside it", "µs");
        Series warmUp = new Series("warm-up", "");
        yardsticks.parse(warmUp);
        warmUp(load);
        acceptAndStore(load, requests, connections, warmUp, warmUp);
        for (int n = 0; n < rounds; n++) {
            yardsticks.copy(copy);
            yardsticks.parse(parse);
            acceptAndStore(load, requests, connections, accepted, stored);
        }
        accepted.compare(accepted.cost(Cost::service) / parse.median(), "the processor time of parsing");
        return List.of(copy, accepted, stored.compare(stored.median() / copy.median(), "COPY"));
    }

    private void acceptAndStore(Load load, Requests requests, int connections, Series accepted, Series stored)
            throws Exception {
        long before = stage.stored();
        Meter meter;
        long begin;
        try (AutoCloseable held = stage.holdWorkers()) {
            meter = stage.meter();
            begin = System.nanoTime();
            send(load, requests, connections);
            add(accepted, requests, begin, meter);
            meter = stage.meter();
            begin = System.nanoTime();
        }
        stage.awaitStored(before + requests.good());
        add(stored, requests, begin, meter);
        stage.expectStored(before + requests.good());
    }

    /** What is done once for a request is compiled only after some ten thousand of them. */
    private void warmUp(Load load) throws Exception {
        sendAndAwait(load, ndjson(SINGLES, 1), SINGLE_CONNECTIONS);
    }

    private void sendAndAwait(Load load, Requests requests, int connections) throws Exception {
        long before = stage.stored();
        send(load, requests, connections);
        stage.awaitStored(before + requests.good());
    }

    private static void add(Series series, Requests requests, long begin, Meter meter) {
        series.add(Yardsticks.perSecond(requests.good(), begin), meter.per(requests.good()));
    }

    private static void send(Load load, Requests requests, int connections) throws Exception {
        int accepted = load.closedLoop(requests, connections);
        if (accepted != requests.good()) {
            throw new IllegalStateException(accepted + " accepted of " + requests.good());
        }
    }

    private List<Series> accept(String name, Requests requests) throws Exception {
        return acceptAndStore(name, requests, CONNECTIONS, 1).subList(1, 2);
    }

    private List<Series> single() throws Exception {
        return acceptAndStore("one to a request, 16 connections", ndjson(SINGLES, 1), SINGLE_CONNECTIONS, 1)
                .subList(1, 3);
    }

    /** One process does everything, with the heap of a small machine, until all is stored. */
    private List<Series> sustained() throws Exception {
        return throughAll(
                "accepted and stored, one process, -Xmx224m",
                stage.start("api,worker,alerts", "-Xmx224m"),
                ndjson(SUSTAINED, PER_REQUEST));
    }

    private List<Series> throughAll(String name, AppProcess service, Requests requests) throws Exception {
        Load load = new Load(service.port());
        Series series = new Series(name, "logs/s");
        Series copy = new Series("COPY beside it", "rows/s");
        warmUp(load);
        throughAll(load, requests, new Series("warm-up", ""), new Series("warm-up", ""));
        for (int n = 0; n < rounds; n++) {
            throughAll(load, requests, copy, series);
        }
        return List.of(copy, series.compare(series.median() / copy.median(), "COPY"));
    }

    private void throughAll(Load load, Requests requests, Series copy, Series series) throws Exception {
        yardsticks.copy(copy);
        long before = stage.stored();
        Meter meter = stage.meter();
        long begin = System.nanoTime();
        send(load, requests, CONNECTIONS);
        stage.awaitStored(before + requests.good());
        add(series, requests, begin, meter);
        stage.expectStored(before + requests.good());
    }

    /** The same records on top of ever more that are stored, of a month, whose words nobody indexes meanwhile. */
    private List<Series> rows() throws Exception {
        Load load = new Load(stage.start("api,worker", Map.of("SEARCH_INDEX", "false"), "-Xmx512m")
                .port());
        Requests requests = ndjson(RECORDS * 2, PER_REQUEST);
        warmUp(load);
        throughAll(load, requests, new Series("warm-up", ""), new Series("warm-up", ""));
        List<Series> lines = new ArrayList<>();
        Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        long stored = 0;
        for (long rows : ROWS_STORED) {
            if (rows > MOST_ROWS) {
                break;
            }
            new Archive(stage.database().jdbcUrl(), rows - stored, end).fill();
            stored = rows;
            Series copy = new Series("COPY, %,d rows stored".formatted(rows), "rows/s");
            Series series = new Series("accepted and stored, %,d rows stored".formatted(rows), "logs/s");
            for (int n = 0; n < rounds; n++) {
                throughAll(load, requests, copy, series);
            }
            lines.add(copy);
            lines.add(series);
        }
        return lines;
    }

    private List<Series> indexes() throws Exception {
        Load load = new Load(stage.start("api,worker").port());
        Requests requests = ndjson(SUSTAINED, PER_REQUEST);
        return new IndexCost(stage.database(), (copy, stored) -> throughAll(load, requests, copy, stored))
                .measure(rounds);
    }

    /** Without Redis: straight into the database. */
    private List<Series> fallback() throws Exception {
        AppProcess service = stage.start("api,worker");
        stage.redis().kill();
        try {
            return throughAll("accepted and stored without Redis", service, ndjson(RECORDS / 2, PER_REQUEST))
                    .subList(1, 2);
        } finally {
            stage.redis().start();
        }
    }

    private List<Series> latency() throws Exception {
        stage.postgres().stop("fast");
        stage.postgres().start("track_commit_timestamp=on");
        Load load = new Load(stage.start("api,worker,alerts").port());
        warmUp(load);
        sendAndAwait(load, ndjson(RECORDS, PER_REQUEST), CONNECTIONS);
        Latency latency = new Latency(stage, load, rounds);
        List<Series> lines = new ArrayList<>();
        lines.addAll(latency.measure("10,000 logs/s in requests of 500", ndjson(RECORDS, PER_REQUEST), 20, 20));
        lines.addAll(latency.measure("1,000 requests/s of one log", ndjson(SINGLES, 1), 1_000, 10));
        stage.clear();
        stage.postgres().stop("fast");
        stage.postgres().start();
        return lines;
    }

    private List<Series> requestSize() throws Exception {
        List<Series> lines = new ArrayList<>();
        for (int perRequest : new int[] {1, 10, 100, 500, 5_000, 10_000}) {
            lines.addAll(accept(perRequest + " to a request", ndjson(perRequest == 1 ? SINGLES : RECORDS, perRequest)));
            stage.clear();
        }
        return lines;
    }

    private List<Series> recordSize() throws Exception {
        List<Series> lines = new ArrayList<>();
        for (int bytes : new int[] {100, 250, 1_000, 4_000, 16_000, 64_000}) {
            int perRequest = Math.max(1, Math.min(PER_REQUEST, 1_000_000 / bytes));
            Requests requests =
                    Requests.ndjson(Math.min(RECORDS, 200_000_000 / bytes), perRequest, Workload.sized(bytes));
            lines.addAll(acceptAndStore(bytes + " bytes a record", requests, CONNECTIONS, 1)
                    .subList(1, 3));
            stage.clear();
        }
        return lines;
    }

    private List<Series> workers() throws Exception {
        List<Series> lines = new ArrayList<>();
        for (int workers = 1; workers <= 4; workers++) {
            lines.addAll(acceptAndStore(workers + " workers", ndjson(RECORDS, PER_REQUEST), CONNECTIONS, workers)
                    .subList(2, 3));
            stage.clear();
        }
        return lines;
    }
}
