package logaggregator.support;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Records that can be told apart: number n has the message {@code "n"}. */
public final class Records {

    private Records() {}

    public static String ndjson(String app, int from, int to) {
        return IntStream.range(from, to).mapToObj(n -> json(app, n)).collect(Collectors.joining("\n"));
    }

    public static String json(String app, int n) {
        return """
                {"level":"INFO","message":"%d","service":"checkout","app":"%s","metadata_":{"user_id":%d}}""".formatted(n, app, n % 100);
    }
}
