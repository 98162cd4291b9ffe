package logaggregator.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import logaggregator.support.AppProcess;
import logaggregator.support.Eventually;
import logaggregator.support.PrometheusProcess;
import logaggregator.support.RedisConsole;
import logaggregator.support.Servers;

/**
 * Makes the fault of each alert of {@code deploy/prometheus}, one after the other, looks whether a real Prometheus tells it, and
 * whether all are silent again in the end. See CONTRIBUTING.md.
 */
public final class Drill {

    private static final Path RULES = Path.of("deploy/prometheus/rules/log-aggregator.rules.yml");
    private static final Path DASHBOARD = Path.of("deploy/grafana/dashboards/log-aggregator.json");
    private static final long ALL_IS_WELL = Duration.ofSeconds(30).toMillis();
    private static final String DISK_FILLING = "LogAggregatorDiskFilling";
    private static final String STREAM = "logs:stream";
    private static final int PAD_BYTES = 50_000_000;
    private static final int BYTES_OF_MEMORY = 85;

    private final Installation service;
    private final Alarms alarms;
    private final Traffic traffic;
    private final List<String> findings = new ArrayList<>();

    private Drill(Installation service, Alarms alarms, Traffic traffic) {
        this.service = service;
        this.alarms = alarms;
        this.traffic = traffic;
    }

    public static void main(String[] arguments) throws Exception {
        if (!Files.isExecutable(Path.of(PrometheusProcess.PROGRAM))) {
            System.err.println(
                    "########## " + PrometheusProcess.PROGRAM + " is missing: apt-get install prometheus ##########");
            System.exit(1);
        }
        List<String> findings;
        try (Installation service = Installation.in(Servers.newDirectory("drill"));
                Alarms alarms = new Alarms(service.prometheus());
                Traffic traffic = new Traffic(service.api().port())) {
            Drill drill = new Drill(service, alarms, traffic);
            drill.run();
            findings = drill.findings;
        }
        findings.forEach(System.out::println);
        System.exit(findings.isEmpty() ? 0 : 1);
    }

    private void run() throws Exception {
        Alarms.say("all is well");
        Thread.sleep(ALL_IS_WELL);
        if (!alarms.besides().isEmpty()) {
            findings.add("Told while all was well: " + alarms.besides());
        }
        faultsOfOthers();
        queryAll();
        endFaultsOfOthers();
        redis();
        database();
        processes();
        worker();
        Alarms.say("all is well");
        alarms.awaitQuiet();
        report();
    }

    private void faultsOfOthers() throws Exception {
        Alarms.say(
                "producers have wrong clocks, send nonsense, or slowly; a channel refuses alerts, another is no channel; the disk is full");
        alarms.expect(
                "LogAggregatorClockSkew",
                "LogAggregatorRejecting",
                "LogAggregatorSlow",
                "LogAggregatorDeadLetters",
                "LogAggregatorAlertsUndelivered",
                "LogAggregatorPartDown");
        traffic.setAhead(Duration.ofMinutes(5));
        traffic.setNonsense(true);
        traffic.setSlow(true);
        RedisConsole.ask(service.redis(), redis -> redis.xadd(STREAM, "data", "no log"));
        service.receiver().answer(500, "no");
        Files.writeString(brokenChannel(), "- route: {id: notify-broken}\n");
        if (service.disk().isPresent()) {
            alarms.expect(DISK_FILLING);
            service.disk().get().fill();
        }
        alarms.await();
    }

    private Path brokenChannel() {
        return service.channels().resolve("notify-broken.camel.yaml");
    }

    private void endFaultsOfOthers() throws IOException {
        traffic.setAhead(Duration.ZERO);
        traffic.setNonsense(false);
        traffic.setSlow(false);
        service.receiver().answer(200, "ok");
        Files.delete(brokenChannel());
        if (service.disk().isPresent()) {
            service.disk().get().free();
        }
    }

    /** What the dashboard and the rules ask has an answer while there is something to tell of everything. */
    private void queryAll() throws IOException {
        findings.addAll(service.prometheus().brokenRules());
        JsonNode dashboard = new ObjectMapper().readTree(DASHBOARD.toFile());
        int queries = 0;
        for (JsonNode panel : dashboard.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                String query = target.path("expr")
                        .asText()
                        .replace("$__rate_interval", "30s")
                        .replace("$job", ".*");
                queries++;
                if (!service.prometheus().knows(query)) {
                    findings.add("Panel " + panel.path("title").asText() + " shows nothing: " + query);
                }
            }
        }
        Alarms.say("asked %d queries of the dashboard", queries);
    }

    private void redis() throws Exception {
        Alarms.say("Redis has little memory left");
        alarms.expect("LogAggregatorRedisMemory");
        RedisConsole.ask(service.redis(), redis -> redis.setrange("pad", PAD_BYTES, "x"));
        long used = Long.parseLong(RedisConsole.<String>ask(service.redis(), redis -> redis.info("memory"))
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .findFirst()
                .orElseThrow()
                .split(":")[1]);
        RedisConsole.ask(
                service.redis(), redis -> redis.configSet("maxmemory", Long.toString(used * 100 / BYTES_OF_MEMORY)));
        alarms.await();
        RedisConsole.ask(service.redis(), redis -> redis.configSet("maxmemory", "0"));
        RedisConsole.ask(service.redis(), redis -> redis.del("pad"));

        Alarms.say("Redis is killed");
        alarms.expect("LogAggregatorRedisDown");
        service.redis().kill();
        alarms.await();
        service.redis().start();
    }

    private void database() throws Exception {
        Alarms.say("PostgreSQL is away for more than five minutes");
        alarms.expect(
                "LogAggregatorDatabaseDown",
                "LogAggregatorErrors",
                "LogAggregatorLate",
                "LogAggregatorPendingStuck",
                "LogAggregatorQueueGrowing",
                "LogAggregatorQueueNearlyFull",
                "LogAggregatorRefusing",
                "LogAggregatorStoreFails");
        service.postgres().stop("immediate");
        alarms.await();
        service.postgres().start();
        Eventually.holds(() -> service.prometheus().knows("logaggregator:queue_logs:max < 1000"));
    }

    private void processes() throws Exception {
        Alarms.say("the only API is killed, then the worker as well");
        alarms.expect("LogAggregatorNoApi");
        service.api().kill();
        alarms.await();
        alarms.expect("LogAggregatorGone");
        service.worker().kill();
        alarms.await();
        restart(service.worker());
        restart(service.api());
    }

    private void worker() throws Exception {
        Alarms.say("the only worker is killed; meanwhile somebody deletes the queue; then nobody sends anything");
        alarms.expect("LogAggregatorProcessDown", "LogAggregatorNoConsumer");
        service.worker().kill();
        alarms.await();
        alarms.expect("LogAggregatorLost", "LogAggregatorNothingArrives");
        traffic.setSilent(true);
        RedisConsole.ask(service.redis(), redis -> redis.del(STREAM));
        restart(service.worker());
        alarms.await();
        traffic.setSilent(false);
    }

    private static void restart(AppProcess process) {
        process.launch();
        Eventually.holds(process::isReady);
    }

    private void report() throws IOException {
        Set<String> missing = Pattern.compile("- alert: (\\w+)")
                .matcher(Files.readString(RULES))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        System.out.println("| alert | told after s |\n|---|---|");
        alarms.told().forEach((alert, seconds) -> System.out.println("| " + alert + " | " + seconds + " |"));
        missing.removeAll(alarms.told().keySet());
        if (service.disk().isEmpty() && missing.remove(DISK_FILLING)) {
            System.out.println("########## only root can fill a disk: " + DISK_FILLING + " WAS NOT TRIED ##########");
        }
        missing.forEach(alert -> findings.add("Not told: " + alert));
    }
}
