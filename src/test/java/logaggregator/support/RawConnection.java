package logaggregator.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A connection on which a test says what no HTTP client would say. Characters are bytes. */
public final class RawConnection implements AutoCloseable {

    private static final int PATIENCE_MS = 30_000;

    private final Socket socket;
    private final InputStream input;

    public RawConnection(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MS);
            socket.setTcpNoDelay(true);
            input = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An answer; header names are in lower case. */
    public record Answer(int status, Map<String, String> headers, String body) {}

    /** Begins a POST to the ingest endpoint, up to and with the empty line. */
    public static String post(String... headers) {
        return "POST /api/v1/ingest/ HTTP/1.1\r\nHost: localhost\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    }

    /** A whole POST to the ingest endpoint. */
    public static String postOf(String body, String... headers) {
        String length = "Content-Length: " + body.length();
        return post(headers.length == 0 ? length : length + "\r\n" + String.join("\r\n", headers)) + body;
    }

    public RawConnection send(String text) {
        return send(text.getBytes(ISO_8859_1));
    }

    public RawConnection send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends as long as the other side takes it; returns false when that has closed the connection. */
    public boolean trySend(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The next answer, or null when the connection is closed instead. */
    public @Nullable Answer answer() {
        try {
            String first = line();
            if (first == null) {
                return null;
            }
            Map<String, String> headers = new TreeMap<>();
            for (String line = line(); line != null && !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            return new Answer(Integer.parseInt(first.split(" ")[1]), headers, body(headers));
        } catch (IOException e) {
            return null;
        }
    }

    /** Closes this side's half: the other sees the end of what was sent. */
    public void endOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String body(Map<String, String> headers) throws IOException {
        if (headers.containsKey("content-length")) {
            return new String(input.readNBytes(Integer.parseInt(headers.get("content-length"))), ISO_8859_1);
        }
        StringBuilder body = new StringBuilder();
        if (headers.containsKey("transfer-encoding")) {
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                body.append(new String(input.readNBytes(size), ISO_8859_1));
                line();
            }
            line();
        } else if ("close".equalsIgnoreCase(headers.get("connection"))) {
            body.append(new String(input.readAllBytes(), ISO_8859_1));
        }
        return body.toString();
    }

    private int chunkSize() throws IOException {
        String line = line();
        return line == null ? 0 : Integer.parseInt(line.strip(), 16);
    }

    private @Nullable String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = input.read(); b != '\n'; b = input.read()) {
            if (b < 0) {
                return null;
            }
            line.write(b);
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }
}
