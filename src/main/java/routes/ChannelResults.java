package routes;

import java.util.Map;
import java.util.Objects;
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

/** Notes what became of alerts at the channels, counts it and says in the log what failed, without secrets. */
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
     * Called when a channel is done with an alert in time.
     *
     * @param ended the exchange that went through the channel's route, which may have changed all that is in it
     * @param input the one that was split
     */
    @Override
    public Exchange aggregate(@Nullable Exchange before, Exchange ended, Exchange input) {
        ChannelDelivery delivery = input.getProperty(ChannelDelivery.PROPERTY, ChannelDelivery.class);
        // else it was stopped before it came to anything
        if (delivery.hasEntered()) {
            end(delivery, ended);
            delivery.leave();
        }
        // nothing of a channel's exchange goes on: neither its failure nor what its server answered
        return new DefaultExchange(ended.getContext());
    }

    private void end(ChannelDelivery delivery, Exchange ended) {
        Exception failure = ended.getException();
        int attempts = failure instanceof BusyException ? 0 : 1 + ended.getProperty(TRIED_AGAIN, 0, Integer.class);
        if (failure == null) {
            count(delivery.getChannel()).delivered().incrementAndGet();
            metrics.told(delivery.getChannel(), true);
            delivery.delivered(attempts);
        } else {
            failed(delivery, attempts, secrets.describe(failure));
        }
    }

    /** For when it didn't even come to a try. */
    public void giveUp(ChannelDelivery delivery, Exception failure) {
        failed(delivery, 0, "it could not be tried: " + secrets.describe(failure));
    }

    /** What became of it; without a result by now it has failed. */
    public ChannelResult result(ChannelDelivery delivery) {
        if (delivery.isUnderWay()) {
            failed(delivery, 1, "no answer within " + settings.timeoutMs() + " ms");
        }
        if (!delivery.hasEntered()) {
            delivery.leave();
        }
        return Objects.requireNonNull(delivery.result());
    }

    /** What becomes of it unless it comes to more. */
    public ChannelResult notTried(String channel) {
        return new ChannelResult(channel, false, 0, 0, "it could not be tried");
    }

    /** It waited for one that was under way until there was something newer to tell. */
    public ChannelResult superseded(String channel) {
        return leftOut(channel, "there was something newer to tell before its turn came");
    }

    /** It waited for so long that another process may have told it. */
    public ChannelResult takenOver(String channel) {
        return leftOut(channel, "its turn came so late that it was left to another process");
    }

    private ChannelResult leftOut(String channel, String error) {
        countFailure(channel, 0, error);
        return new ChannelResult(channel, false, 0, 0, error);
    }

    void failed(ChannelDelivery delivery, int attempts, String error) {
        delivery.failed(attempts, error);
        countFailure(delivery.getChannel(), attempts, error);
    }

    private void countFailure(String channel, int attempts, String error) {
        count(channel).failed().incrementAndGet();
        metrics.told(channel, false);
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
