package routes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import logaggregator.alert.ChannelResult;
import org.jspecify.annotations.Nullable;

/** One alert on its way to several channels, and what became of it at each. Thread-safe. */
public final class FanOut {

    /** Property of the exchange that is split among the channels. */
    static final String PROPERTY = "fanOut";

    private final String rule;
    private final long startedAt = System.nanoTime();
    private final Map<String, String> underWay = new LinkedHashMap<>();
    private final Map<String, String> channels = new HashMap<>();
    private final List<ChannelResult> results = new ArrayList<>();

    FanOut(String rule) {
        this.rule = rule;
    }

    String rule() {
        return rule;
    }

    synchronized void send(String channel, String uri) {
        underWay.put(channel, uri);
    }

    /** Notes which exchange goes through which channel: the first that it came to. */
    synchronized void entered(String exchangeId, String channel) {
        channels.putIfAbsent(exchangeId, channel);
    }

    /** The channel that an exchange went to; null when it didn't get there. */
    synchronized @Nullable String channel(String exchangeId) {
        return channels.get(exchangeId);
    }

    /** URIs of the channels, for {@code recipientList}. */
    public synchronized List<String> getRecipients() {
        return List.copyOf(underWay.values());
    }

    /** Those without a result yet. */
    synchronized List<String> missing() {
        return List.copyOf(new TreeSet<>(underWay.keySet()));
    }

    synchronized ChannelResult delivered(String channel, int attempts) {
        return add(new ChannelResult(channel, true, attempts, millis(), null));
    }

    synchronized ChannelResult failed(String channel, int attempts, String error) {
        return add(new ChannelResult(channel, false, attempts, millis(), error));
    }

    private ChannelResult add(ChannelResult result) {
        underWay.remove(result.channel());
        results.add(result);
        return result;
    }

    private long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt);
    }

    synchronized List<ChannelResult> results() {
        return List.copyOf(results);
    }
}
