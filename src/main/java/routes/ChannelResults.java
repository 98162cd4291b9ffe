package routes;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import logaggregator.BusyException;
import logaggregator.alert.ChannelResult;
import logaggregator.alert.NotifySettings;
import logaggregator.alert.SecretMask;
import logaggregator.metrics.Metrics;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Collects what became of alerts at the channels, counts it and says in the log what failed, without secrets. */
@Component("channelResults")
public class ChannelResults implements AggregationStrategy {

    /** Set by the policy {@code channel}: how often steps of the channel's route were tried again. */
    static final String TRIED_AGAIN = "channelTriedAgain";

    private static final Logger log = LoggerFactory.getLogger(ChannelResults.class);

    private final Map<String, Count> counts = new ConcurrentHashMap<>();
    private final SecretMask secrets;
    private final NotifySettings settings;
    private final Metrics metrics;

    public ChannelResults(SecretMask secrets, NotifySettings settings, Metrics metrics) {
        this.metrics = metrics;
        this.secrets = secrets;
        this.settings = settings;
    }

    /** Alerts of this process since its start. */
    record Count(AtomicLong delivered, AtomicLong failed) {}

    @Override
    public @Nullable Exchange aggregate(@Nullable Exchange before, Exchange ended) {
        throw new UnsupportedOperationException("the exchange that was split is needed");
    }

    /**
     * Called once for each channel.
     *
     * @param ended the exchange that went through the channel's route, which may have changed all that is in it
     * @param input the one that was split
     */
    @Override
    public Exchange aggregate(@Nullable Exchange before, Exchange ended, Exchange input) {
        FanOut fanOut = input.getProperty(FanOut.PROPERTY, FanOut.class);
        String channel = fanOut.channel(ended.getExchangeId());
        if (channel == null) {
            // it was stopped before it came to anything
            return before == null ? new DefaultExchange(ended.getContext()) : before;
        }
        Exception failure = ended.getException();
        int attempts = failure instanceof BusyException ? 0 : 1 + ended.getProperty(TRIED_AGAIN, 0, Integer.class);
        if (failure == null) {
            count(channel).delivered().incrementAndGet();
            metrics.told(channel, true);
            fanOut.delivered(channel, attempts);
        } else {
            failed(fanOut, channel, attempts, secrets.describe(failure));
        }
        // nothing of a channel's exchange goes on: neither its failure nor what its server answered
        return before == null ? new DefaultExchange(ended.getContext()) : before;
    }

    /** For when the fan-out itself has failed: what has no result wasn't tried. */
    public void giveUp(FanOut fanOut, Exception failure) {
        String error = "it could not be tried: " + secrets.describe(failure);
        fanOut.missing().forEach(channel -> failed(fanOut, channel, 0, error));
    }

    /** All results; who has none by now has failed. */
    public List<ChannelResult> collect(FanOut fanOut) {
        String error = "no answer within " + settings.timeoutMs() + " ms";
        fanOut.missing().forEach(channel -> failed(fanOut, channel, 1, error));
        return fanOut.results();
    }

    void failed(FanOut fanOut, String channel, int attempts, String error) {
        count(channel).failed().incrementAndGet();
        metrics.told(channel, false);
        fanOut.failed(channel, attempts, error);
        // not which alert, which the history tells: one line for a channel that takes none, however many there are
        log.warn("channel {} did not take an alert, tried {} times: {}", channel, attempts, error);
    }

    /** There is such a channel. */
    void expect(String channel) {
        metrics.channel(channel);
    }

    Count count(String channel) {
        return counts.computeIfAbsent(channel, name -> new Count(new AtomicLong(), new AtomicLong()));
    }
}
