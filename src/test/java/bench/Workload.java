package bench;

import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The same records each time: about 250 bytes of JSON, seven services, four levels. */
final class Workload {

    static final String APP = "bench";

    /** Rows of the yardstick are those of another app, so that they can be told from what the service stored. */
    static final String COPY_APP = "bench-copy";

    private static final String[] LEVELS = {"INFO", "INFO", "INFO", "INFO", "INFO", "DEBUG", "WARNING", "ERROR"};

    private Workload() {}

    static String ndjson(int from, int to) {
        return IntStream.range(from, to).mapToObj(Workload::json).collect(Collectors.joining("\n"));
    }

    /** The same records as rows in the text format of COPY. */
    static String copyText(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(n ->
                        String.join("\t", "1", COPY_APP, level(n), service(n), message(n), metadata(n), "now", "now"))
                .collect(Collectors.joining("\n"));
    }

    static String json(int n) {
        return "{\"level\":\"" + level(n) + "\",\"message\":\"" + message(n) + "\",\"service\":\"" + service(n)
                + "\",\"app\":\"" + APP + "\",\"metadata_\":" + metadata(n) + "}";
    }

    /** One of twenty has no level. */
    static String mixed(int n) {
        return n % 20 == 0 ? json(n).replaceFirst("\"level\":\"[A-Z]+\",", "") : json(n);
    }

    /** A record of about so many bytes. */
    static IntFunction<String> sized(int bytes) {
        String filler = "x".repeat(Math.max(1, bytes - 70));
        return n -> "{\"level\":\"" + level(n) + "\",\"message\":\"" + filler + n + "\",\"service\":\"" + service(n)
                + "\",\"app\":\"" + APP + "\"}";
    }

    private static String level(int n) {
        return LEVELS[n % LEVELS.length];
    }

    private static String service(int n) {
        return "service-" + n % 7;
    }

    private static String message(int n) {
        return "order " + n + " was placed by customer " + n * 31 % 10_007
                + " and handed to the warehouse for delivery on Monday";
    }

    private static String metadata(int n) {
        return "{\"request_id\":\"" + Integer.toHexString(n * 0x9E3779B1) + "\",\"user_id\":" + n % 1_000
                + ",\"path\":\"/api/v1/orders/" + n + "\",\"ms\":" + n % 500 + "}";
    }
}
