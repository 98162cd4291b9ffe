package logaggregator.security;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import logaggregator.access.Access;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * A request whose body was read already, and whose headers tell of that body: not compressed, not a form. Reading may have
 * taken a dispatch of its own, which those who come after don't notice: to them it is the first.
 */
final class PlainBodyRequest extends HttpServletRequestWrapper {

    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private final int length;
    private final BodyStream stream;
    private boolean firstDispatch = true;

    PlainBodyRequest(HttpServletRequest request, byte[] body) {
        super(request);
        this.length = body.length;
        this.stream = new BodyStream(body);
    }

    /** To be called at each dispatch but the first. */
    void dispatchedAgain() {
        firstDispatch = false;
    }

    @Override
    public DispatcherType getDispatcherType() {
        return firstDispatch ? DispatcherType.REQUEST : super.getDispatcherType();
    }

    @Override
    public ServletInputStream getInputStream() {
        return stream;
    }

    @Override
    public BufferedReader getReader() {
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    @Override
    public @Nullable String getContentType() {
        String type = super.getContentType();
        boolean form = type != null && type.startsWith(MediaType.APPLICATION_FORM_URLENCODED_VALUE);
        return form ? MediaType.APPLICATION_OCTET_STREAM_VALUE : type;
    }

    @Override
    public int getContentLength() {
        return length;
    }

    @Override
    public long getContentLengthLong() {
        return length;
    }

    @Override
    public @Nullable String getHeader(String name) {
        if (name.equalsIgnoreCase(HttpHeaders.CONTENT_TYPE)) {
            return getContentType();
        }
        if (name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) {
            return Integer.toString(length);
        }
        if (name.equalsIgnoreCase(IDEMPOTENCY_KEY)) {
            return idempotencyKey();
        }
        return name.equalsIgnoreCase(HttpHeaders.CONTENT_ENCODING) ? null : super.getHeader(name);
    }

    /** Names that producers give belong to their API key: nobody can take those of another. */
    private @Nullable String idempotencyKey() {
        String key = super.getHeader(IDEMPOTENCY_KEY);
        Access access = Access.of(getAttribute(Access.ATTRIBUTE));
        return key == null || key.isBlank() || !access.isSomebody() ? key : access.account() + '\n' + key;
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        String value = getHeader(name);
        if (value == null) {
            return Collections.emptyEnumeration();
        }
        boolean asSent = value.equals(super.getHeader(name));
        return asSent ? super.getHeaders(name) : Collections.enumeration(List.of(value));
    }

    /** Keeps the body no longer than until it is read. */
    private static final class BodyStream extends ServletInputStream {

        private byte[] body;
        private int position;

        BodyStream(byte[] body) {
            this.body = body;
        }

        @Override
        public int read() {
            return position < body.length ? body[position++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (length > 0 && position == body.length) {
                return -1;
            }
            int count = Math.min(length, body.length - position);
            System.arraycopy(body, position, buffer, offset, count);
            position += count;
            return count;
        }

        /** What is read in one go isn't copied: a body may be large. */
        @Override
        public byte[] readAllBytes() {
            byte[] rest = position == 0 ? body : Arrays.copyOfRange(body, position, body.length);
            body = new byte[0];
            position = 0;
            return rest;
        }

        @Override
        public int available() {
            return body.length - position;
        }

        @Override
        public boolean isFinished() {
            return available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new IllegalStateException("the body is there at once: there is nothing to wait for");
        }
    }
}
