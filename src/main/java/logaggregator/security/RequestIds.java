package logaggregator.security;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The name of a request, by which an answer leads to what the log says of it. */
final class RequestIds {

    /** Whoever sends one gets it back; others are given one. */
    static final String HEADER = "X-Request-Id";

    /** Nothing that could pretend to be a line of its own, or fill the log. */
    private static final Pattern USABLE = Pattern.compile("[A-Za-z0-9._:/=+-]{1,100}");

    private RequestIds() {}

    /** @param sent by the client, or null */
    static String of(@Nullable String sent) {
        return sent != null && USABLE.matcher(sent).matches()
                ? sent
                : UuidCreator.getTimeOrderedEpochFast().toString();
    }
}
