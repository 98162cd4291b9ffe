package bench;

import java.util.List;
import org.HdrHistogram.Histogram;

/** What a producer waits for an answer, and until its logs are seen, at a constant rate. */
final class Latency {

    private static final int CONNECTIONS = 16;

    private final Stage stage;
    private final Load load;
    private final int rounds;

    /** @param stage whose PostgreSQL notes when each transaction was committed */
    Latency(Stage stage, Load load, int rounds) {
        this.stage = stage;
        this.load = load;
        this.rounds = rounds;
    }

    List<Series> measure(String name, Requests requests, int perSecond, int seconds) throws Exception {
        Series p50 = new Series("answer, " + name + ": p50", "ms");
        Series p99 = new Series("answer, " + name + ": p99", "ms");
        Series p999 = new Series("answer, " + name + ": p99.9", "ms");
        Series visible50 = new Series("until stored, " + name + ": p50", "ms");
        Series visible99 = new Series("until stored, " + name + ": p99", "ms");
        for (int n = -1; n < rounds; n++) {
            long before = stage.stored();
            int count = perSecond * seconds;
            Histogram times = load.openLoop(requests, CONNECTIONS, perSecond, count);
            long sent = (long) count * requests.records() / requests.count();
            stage.awaitStored(before + sent);
            stage.expectStored(before + sent);
            if (n >= 0) {
                p50.add(times.getValueAtPercentile(50) / 1e3);
                p99.add(times.getValueAtPercentile(99) / 1e3);
                p999.add(times.getValueAtPercentile(99.9) / 1e3);
                visible50.add(visible(0.5, sent));
                visible99.add(visible(0.99, sent));
            }
        }
        return List.of(p50, p99, p999, visible50, visible99);
    }

    /** From the arrival of the last logs until their transaction was committed, in milliseconds. */
    private double visible(double percentile, long logs) {
        return Double.parseDouble(stage.database()
                .column("SELECT percentile_cont(" + percentile + ") WITHIN GROUP (ORDER BY"
                        + " extract(epoch FROM pg_xact_commit_timestamp(xmin) - received_at) * 1000)"
                        + " FROM (SELECT xmin, received_at FROM logs ORDER BY id DESC LIMIT " + logs + ") AS l")
                .get(0));
    }
}
