package logaggregator.receipt;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import logaggregator.ingest.InvalidBodyException;
import org.jspecify.annotations.Nullable;

/**
 * What a producer wants to be told of its request.
 *
 * @param listed the answer lists the receipts
 * @param keyed the producer has named the request: the answer tells whether it came before
 * @param patience how long the answer may wait for the records to be stored; null when it need not
 */
public record AckRequest(
        boolean listed, boolean keyed, @Nullable Duration patience) {

    /** As in {@code Prefer: wait=10}; the standard says seconds. */
    private static final Pattern WAIT =
            Pattern.compile("(?:^|[,;\\s])wait(?:\\s*=\\s*\"?([0-9]{1,6})\"?)?(?:$|[,;\\s])");

    static final Duration USUAL_PATIENCE = Duration.ofSeconds(10);
    static final Duration MOST_PATIENCE = Duration.ofSeconds(30);

    /**
     * Reads a request.
     *
     * @param ack as in the query: {@code enqueued}, {@code receipt} or {@code stored}; or null
     * @param prefer the header of RFC 7240; or null
     */
    static AckRequest of(@Nullable String ack, @Nullable String prefer, boolean keyed) {
        Duration preferred = patience(prefer);
        return switch (ack == null ? "" : ack) {
            case "" -> new AckRequest(preferred != null, keyed, preferred);
            case "enqueued" -> new AckRequest(false, keyed, null);
            case "receipt" -> new AckRequest(true, keyed, null);
            case "stored" -> new AckRequest(true, keyed, preferred == null ? USUAL_PATIENCE : preferred);
            default ->
                throw new InvalidBodyException(
                        400, "invalid_parameter", "parameter 'ack' must be enqueued, receipt or stored");
        };
    }

    private static @Nullable Duration patience(@Nullable String prefer) {
        Matcher wait = WAIT.matcher(prefer == null ? "" : prefer.toLowerCase(Locale.ROOT));
        if (!wait.find()) {
            return null;
        }
        Duration wanted = wait.group(1) == null ? USUAL_PATIENCE : Duration.ofSeconds(Long.parseLong(wait.group(1)));
        return wanted.compareTo(MOST_PATIENCE) > 0 ? MOST_PATIENCE : wanted;
    }

    public boolean patient() {
        return patience != null;
    }

    /** Somebody may ask whether the records are in the queue. */
    public boolean traced() {
        return listed || keyed;
    }
}
