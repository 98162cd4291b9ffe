package bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The result as a table for people, and as JSON for programs. */
final class Report {

    private static final String HEADER = """
            | scenario | unit | median | lowest–highest | compared | CPU µs by log: service | PostgreSQL | Redis | peak MiB |
            |---|---|---|---|---|---|---|---|---|
            """;

    private Report() {}

    static String markdown(List<Series> lines) {
        StringBuilder table = new StringBuilder(HEADER);
        lines.forEach(line -> table.append(row(line)).append('\n'));
        return table.toString();
    }

    private static String row(Series line) {
        return String.join(
                " | ",
                "| " + line.name(),
                line.unit(),
                number(line.median()),
                number(line.lowest()) + "–" + number(line.highest()),
                line.comparison(),
                number(line.cost(Meter.Cost::service)),
                number(line.cost(Meter.Cost::postgres)),
                number(line.cost(Meter.Cost::redis)),
                number(line.cost(cost -> cost.peakMiB() == 0 ? Double.NaN : cost.peakMiB())) + " |");
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
    }

    static void write(List<Series> lines, Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("results.md"), markdown(lines));
        ObjectMapper json = new ObjectMapper();
        List<ObjectNode> nodes = lines.stream()
                .map(line -> json.createObjectNode()
                        .put("scenario", line.name())
                        .put("unit", line.unit())
                        .put("median", line.median())
                        .put("lowest", line.lowest())
                        .put("highest", line.highest())
                        .put("compared", line.comparison())
                        .put("service_cpu_us", line.cost(Meter.Cost::service))
                        .put("postgres_cpu_us", line.cost(Meter.Cost::postgres))
                        .put("redis_cpu_us", line.cost(Meter.Cost::redis))
                        .put("peak_mib", line.cost(Meter.Cost::peakMiB)))
                .toList();
        json.writerWithDefaultPrettyPrinter()
                .writeValue(directory.resolve("results.json").toFile(), nodes);
    }
}
