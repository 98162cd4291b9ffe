package logaggregator.queue.redis;

import io.lettuce.core.StreamMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import logaggregator.UnavailableException;
import logaggregator.queue.Delivery;
import logaggregator.queue.redis.RedisStreams.Pending;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes up entries that were delivered before and not acknowledged. Used by one thread. */
final class Recovery {

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    /** From this delivery on an entry is handled alone: it may be the one that ends the process. */
    private static final int ALONE_FROM_ATTEMPT = 3;

    /** How many entries are taken up at once: each may have a megabyte. */
    private static final int PAGE = 25;

    private static final String BEFORE_ALL = "0-0";

    private final RedisStreamsEndpoint endpoint;
    private final RedisStreams streams;
    private final Handler handler;
    private final BooleanSupplier isRunAllowed;

    /** What is done with entries. */
    interface Handler {
        /** Returns how many of them are done with. */
        int handle(List<Delivery> deliveries) throws Exception;
    }

    Recovery(RedisStreamsEndpoint endpoint, Handler handler, BooleanSupplier isRunAllowed) {
        this.endpoint = endpoint;
        this.streams = endpoint.streams();
        this.handler = handler;
        this.isRunAllowed = isRunAllowed;
    }

    /** Handles all that is pending with a consumer, or with any when it is null, page by page. */
    int run(@Nullable String consumer, Duration minIdle) throws Exception {
        int handled = 0;
        String after = BEFORE_ALL;
        while (isRunAllowed.getAsBoolean()) {
            List<Pending> page =
                    streams.pending(endpoint.getKey(), endpoint.getGroup(), consumer, minIdle, after, PAGE);
            if (page.isEmpty()) {
                break;
            }
            handled += recoverPage(page, minIdle);
            after = page.get(page.size() - 1).id();
        }
        if (handled > 0) {
            log.info("Took up {} entries of {} that were delivered before", handled, endpoint.getKey());
        }
        return handled;
    }

    /** Handles one page: suspects alone, so that one that fails doesn't stop the others; then the rest together. */
    private int recoverPage(List<Pending> page, Duration minIdle) throws Exception {
        List<Pending> together = new ArrayList<>();
        int handled = 0;
        Exception failure = null;
        for (Pending entry : page) {
            if (entry.attempts() + 1 < ALONE_FROM_ATTEMPT) {
                together.add(entry);
                continue;
            }
            try {
                handled += handler.handle(claim(List.of(entry), minIdle));
            } catch (UnavailableException e) {
                throw e;
            } catch (Exception e) {
                failure = e;
            }
        }
        if (!together.isEmpty()) {
            handled += handler.handle(claim(together, minIdle));
        }
        if (failure != null) {
            throw failure;
        }
        return handled;
    }

    private List<Delivery> claim(List<Pending> entries, Duration minIdle) {
        Map<String, Long> attempts = entries.stream().collect(Collectors.toMap(Pending::id, Pending::attempts));
        List<Delivery> claimed = toDeliveries(
                streams.claim(
                        endpoint.getKey(),
                        endpoint.getGroup(),
                        endpoint.member(),
                        minIdle,
                        entries.stream().map(Pending::id).toList()),
                attempts);
        if (claimed.size() < entries.size()) {
            claimed.forEach(delivery -> attempts.remove(delivery.id()));
            forgetDeleted(List.copyOf(attempts.keySet()));
        }
        return claimed;
    }

    /** What isn't handed over was deleted by somebody, or another consumer was faster. */
    private void forgetDeleted(List<String> ids) {
        List<String> deleted = streams.acknowledgeDeleted(endpoint.getKey(), endpoint.getGroup(), ids);
        if (!deleted.isEmpty()) {
            log.warn(
                    "{} entries of {} were deleted before they were stored: {}",
                    deleted.size(),
                    endpoint.getKey(),
                    deleted);
        }
    }

    static List<Delivery> toDeliveries(List<StreamMessage<String, byte[]>> messages, Map<String, Long> attempts) {
        return messages.stream()
                .map(message -> new Delivery(
                        message.getId(),
                        message.getBody() == null ? Map.of() : message.getBody(),
                        attempts.getOrDefault(message.getId(), 0L) + 1))
                .toList();
    }
}
