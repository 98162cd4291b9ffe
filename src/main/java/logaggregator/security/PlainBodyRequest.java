package logaggregator.security;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** A request whose body is the decompressed one, and whose headers say so. */
final class PlainBodyRequest extends HttpServletRequestWrapper {

    private static final Set<String> HEADERS_OF_COMPRESSION = Set.of("content-encoding", "content-length");

    private final boolean gzip;
    private final int maxBytes;
    private @Nullable PlainBody body;

    PlainBodyRequest(HttpServletRequest request, boolean gzip, int maxBytes) {
        super(request);
        this.gzip = gzip;
        this.maxBytes = maxBytes;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (body == null) {
            body = new PlainBody(super.getInputStream(), gzip, maxBytes);
        }
        return body;
    }

    @Override
    public BufferedReader getReader() throws IOException {
        return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }

    @Override
    public @Nullable String getContentType() {
        String type = super.getContentType();
        boolean form = type != null && type.startsWith(MediaType.APPLICATION_FORM_URLENCODED_VALUE);
        return form ? MediaType.APPLICATION_OCTET_STREAM_VALUE : type;
    }

    @Override
    public int getContentLength() {
        return gzip ? -1 : super.getContentLength();
    }

    @Override
    public long getContentLengthLong() {
        return gzip ? -1 : super.getContentLengthLong();
    }

    @Override
    public @Nullable String getHeader(String name) {
        if (isHidden(name)) {
            return null;
        }
        return name.equalsIgnoreCase("Content-Type") ? getContentType() : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        String value = getHeader(name);
        boolean own = isHidden(name) || name.equalsIgnoreCase("Content-Type");
        if (own) {
            return Collections.enumeration(value == null ? List.of() : List.of(value));
        }
        return super.getHeaders(name);
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        return Collections.enumeration(Collections.list(super.getHeaderNames()).stream()
                .filter(name -> !isHidden(name))
                .toList());
    }

    private boolean isHidden(String header) {
        return gzip && HEADERS_OF_COMPRESSION.contains(header.toLowerCase(Locale.ROOT));
    }
}
