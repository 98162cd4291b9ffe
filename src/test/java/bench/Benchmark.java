package bench;

import bench.Scenarios.Scenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures what the service takes, beside what the parts of the way can do by themselves on the same machine in the same
 * minute. See bench/README.md.
 */
public final class Benchmark {

    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);

    /** With commas; empty means all but those that show how it grows. */
    private static final String CHOSEN = System.getProperty("bench.scenarios", "");

    private Benchmark() {}

    public static void main(String[] arguments) {
        try {
            run();
            System.exit(0);
        } catch (Exception e) {
            // not thrown: threads of clients would keep this program from its end
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static void run() throws Exception {
        List<Series> lines = new ArrayList<>();
        System.out.printf(
                "%d processors for everything, this program too; median of %d rounds%n",
                Runtime.getRuntime().availableProcessors(), ROUNDS);
        try (Stage stage = new Stage()) {
            Scenarios scenarios = new Scenarios(stage, ROUNDS);
            for (Map.Entry<String, Scenario> scenario : chosen(scenarios).entrySet()) {
                long begin = System.nanoTime();
                System.out.printf("%s ...", scenario.getKey());
                List<Series> measured = scenario.getValue().run();
                stage.clear();
                System.out.printf(
                        " %d s%n%s%n", (System.nanoTime() - begin) / 1_000_000_000, Report.markdown(measured));
                lines.addAll(measured);
            }
        }
        Path directory = Path.of("target", "bench");
        Report.write(lines, directory);
        System.out.printf("%n%s%nAlso in %s.%n", Report.markdown(lines), directory);
    }

    private static Map<String, Scenario> chosen(Scenarios scenarios) {
        if (CHOSEN.isBlank()) {
            return scenarios.all();
        }
        Map<String, Scenario> known = new LinkedHashMap<>(scenarios.all());
        known.putAll(scenarios.growth());
        Map<String, Scenario> chosen = new LinkedHashMap<>();
        for (String name : CHOSEN.split(",")) {
            Scenario scenario = known.get(name.strip());
            if (scenario == null) {
                throw new IllegalArgumentException("bench.scenarios: " + name + " is none of " + known.keySet());
            }
            chosen.put(name, scenario);
        }
        return chosen;
    }
}
