package logaggregator.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import logaggregator.ingest.IngestLimits;
import logaggregator.ingest.InvalidBodyException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Reads every body, of limited size, before anything else works on the request: a slow client holds no worker thread of
 * the routes. What comes after sees plain bytes: decompressed, and never parsed as a form, which is what plain
 * {@code curl -d} claims to send.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 20)
class RequestBodyFilter extends OncePerRequestFilter {

    private final IngestLimits limits;
    private final ProblemWriter problems;

    RequestBodyFilter(IngestLimits limits, ProblemWriter problems) {
        this.limits = limits;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            checkMediaType(request.getContentType());
            boolean gzip = isGzip(request.getHeader("Content-Encoding"));
            HttpServletRequest plain =
                    new PlainBodyRequest(request, BodyReader.read(request, gzip, limits.maxBodyBytes()));
            chain.doFilter(plain, response);
        } catch (InvalidBodyException e) {
            problems.write(response, e.status(), e.code(), String.valueOf(e.getMessage()));
        }
    }

    private static void checkMediaType(String header) {
        if (header == null) {
            return;
        }
        try {
            MediaType type = MediaType.parseMediaType(header);
            if (type.getType().equals("multipart")) {
                throw new InvalidBodyException(
                        415, "unsupported_media_type", "send JSON or NDJSON, not a multipart form");
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

    private static boolean isGzip(String header) {
        String encoding = header == null ? "identity" : header.strip().toLowerCase(Locale.ROOT);
        return switch (encoding) {
            case "identity", "" -> false;
            case "gzip", "x-gzip" -> true;
            default ->
                throw new InvalidBodyException(415, "unsupported_encoding", "Content-Encoding must be gzip or absent");
        };
    }
}
