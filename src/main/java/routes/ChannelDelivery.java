package routes;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import logaggregator.alert.AlertNotice;
import logaggregator.alert.ChannelResult;
import logaggregator.alert.ChannelVisit;
import org.jspecify.annotations.Nullable;

/** One alert on its way to one channel, and what became of it. Thread-safe. */
public final class ChannelDelivery implements ChannelVisit {

    /** Property of the exchange that it is on. */
    static final String PROPERTY = "delivery";

    private final AlertNotice notice;
    private final String channel;
    private final long startedAt = System.nanoTime();
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private volatile boolean entered;
    private @Nullable ChannelResult result;

    ChannelDelivery(AlertNotice notice, String channel) {
        this.notice = notice;
        this.channel = channel;
    }

    /** What the channel is told. */
    public Map<String, Object> getBody() {
        return notice.body();
    }

    public String getChannel() {
        return channel;
    }

    /** Whether nothing has become of it yet. */
    public synchronized boolean isUnderWay() {
        return result == null;
    }

    void enter() {
        entered = true;
    }

    /** Whether it got as far as the entrance of the channel. */
    boolean hasEntered() {
        return entered;
    }

    @Override
    public void whenOver(Runnable action) {
        left.thenRun(action);
    }

    void leave() {
        left.complete(null);
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    void delivered(int attempts) {
        end(new ChannelResult(channel, true, attempts, age().toMillis(), null));
    }

    void failed(int attempts, String error) {
        end(new ChannelResult(channel, false, attempts, age().toMillis(), error));
    }

    private synchronized void end(ChannelResult ended) {
        result = ended;
    }

    /** Null while it is under way. */
    synchronized @Nullable ChannelResult result() {
        return result;
    }
}
