package logaggregator.security;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import logaggregator.ingest.Admission;
import logaggregator.ingest.Admission.Refusal;
import logaggregator.ingest.InvalidBodyException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.WebUtils;

/**
 * Reads every body, of limited size, before anything else works on its request: a slow client holds no thread. Logs that
 * can't be accepted at the moment are refused by their headers. What comes after sees plain bytes: decompressed, and never
 * parsed as a form, which is what plain {@code curl -d} claims to send.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 5)
class RequestBodyFilter extends OncePerRequestFilter {

    private static final String BODY = RequestBodyFilter.class.getName() + ".BODY";

    /** Camel would read it, if it were told so anywhere. */
    private static final String SERIALIZED_OBJECT = "x-java-serialized-object";

    private static final Pattern TAKES_LOGS = Pattern.compile("/api/v1/(?:ingest|logs|bulk_logs)/?");
    private static final int SMALL_BODY = 64 << 10;

    /** By no fault of the sender. */
    private static final Set<Integer> NOTHING_ACCEPTED = Set.of(500, 503);

    private final Admission admission;
    private final ProducerCheck producers;
    private final BodyBudget budget;
    private final BodyReadings readings;

    /** The first two are lazy: filters are made before the servers that they ask are started. */
    RequestBodyFilter(
            @Lazy Admission admission, @Lazy ProducerCheck producers, BodyBudget budget, BodyReadings readings) {
        this.admission = admission;
        this.producers = producers;
        this.budget = budget;
        this.readings = readings;
    }

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        PlainBodyRequest plain = WebUtils.getNativeRequest(request, PlainBodyRequest.class);
        if (plain != null) {
            plain.dispatchedAgain();
            chain.doFilter(request, response);
        } else if (request.getDispatcherType() == DispatcherType.ASYNC) {
            BodyCollector body = (BodyCollector) request.getAttribute(BODY);
            request.removeAttribute(BODY);
            proceed(request, response, chain, body);
        } else {
            read(request, response, chain);
        }
    }

    private void read(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        int largest = largestBody(request);
        BodyCollector body = new BodyCollector(budget, largest);
        Refusal refusal = isIngest(request) ? refusal(request, response) : null;
        try {
            check(request, body, largest);
            if (refusal == null && readWhatIsThere(request, body)) {
                body.finish();
                proceed(request, response, chain, body);
                return;
            }
        } catch (InvalidBodyException e) {
            refusal = Refusal.of(e);
        } catch (IOException e) {
            body.release();
            throw e;
        }
        request.setAttribute(BODY, body);
        readings.start(request, response, body, refusal);
    }

    private @Nullable Refusal refusal(HttpServletRequest request, HttpServletResponse response) {
        Refusal refusal = admission.refusal();
        return refusal == null && ProducerCheck.applies(request) ? producers.refusal(request, response) : refusal;
    }

    private static boolean isIngest(HttpServletRequest request) {
        return request.getMethod().equals("POST") && request.getRequestURI().startsWith("/api/v1/ingest");
    }

    /** Returns whether that was all: a small body comes with its headers, and nothing has to be waited for. */
    private static boolean readWhatIsThere(HttpServletRequest request, BodyCollector body) throws IOException {
        long length = request.getContentLengthLong();
        if (length < 0) {
            return request.getHeader(HttpHeaders.TRANSFER_ENCODING) == null;
        }
        ServletInputStream input = request.getInputStream();
        while (body.size() < length && input.available() > 0) {
            body.readFrom(input);
        }
        return body.size() == length;
    }

    private void proceed(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain, BodyCollector body)
            throws ServletException, IOException {
        try {
            chain.doFilter(new PlainBodyRequest(request, body.take()), response);
            if (NOTHING_ACCEPTED.contains(response.getStatus())) {
                producers.giveBack(request);
            }
        } finally {
            AfterAnswer.of(request, body::release);
        }
    }

    /** Only logs need much: nothing else takes the memory that is kept for them. */
    private int largestBody(HttpServletRequest request) {
        return switch (request.getMethod()) {
            case "GET", "HEAD" -> 0;
            case "POST" -> TAKES_LOGS.matcher(request.getRequestURI()).matches() ? budget.largestBody() : SMALL_BODY;
            default -> SMALL_BODY;
        };
    }

    private static void check(HttpServletRequest request, BodyCollector body, int largest) {
        checkMediaType(request.getContentType());
        body.setGzip(isGzip(request.getHeader(HttpHeaders.CONTENT_ENCODING)));
        if (request.getContentLengthLong() > largest) {
            throw BodyCollector.tooLarge(largest);
        }
    }

    private static void checkMediaType(@Nullable String header) {
        if (header == null) {
            return;
        }
        try {
            MediaType type = MediaType.parseMediaType(header);
            if (type.getType().equals("multipart")) {
                throw new InvalidBodyException(
                        415, "unsupported_media_type", "send JSON or NDJSON, not a multipart form");
            }
            if (type.getSubtype().equals(SERIALIZED_OBJECT)) {
                throw new InvalidBodyException(
                        415, "unsupported_media_type", "send JSON or NDJSON, not a serialized object");
            }
            if (type.getCharset() != null
                    && !type.getCharset().equals(StandardCharsets.UTF_8)
                    && !type.getCharset().equals(StandardCharsets.US_ASCII)) {
                throw new InvalidBodyException(415, "unsupported_charset", "send UTF-8");
            }
        } catch (InvalidMediaTypeException e) {
            throw new InvalidBodyException(415, "unsupported_media_type", "Content-Type is not a media type");
        }
    }

    private static boolean isGzip(@Nullable String header) {
        String encoding = header == null ? "identity" : header.strip().toLowerCase(Locale.ROOT);
        return switch (encoding) {
            case "identity", "" -> false;
            case "gzip", "x-gzip" -> true;
            default ->
                throw new InvalidBodyException(415, "unsupported_encoding", "Content-Encoding must be gzip or absent");
        };
    }
}
