package logaggregator.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** A client of Server-Sent Events. */
public final class EventReader implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE_MS = 30_000;

    private final Socket socket;
    private final BufferedReader input;
    private final int status;
    private String lastId = "";

    /** Connects; returns when the server has said something. */
    public EventReader(int port, String path, @Nullable String lastEventId) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MS);
            String resume = lastEventId == null ? "" : "Last-Event-ID: " + lastEventId + "\r\n";
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.0\r\nHost: localhost\r\n" + resume + "\r\n").getBytes(UTF_8));
            input = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            status = Integer.parseInt(input.readLine().split(" ")[1]);
            for (String header = input.readLine(); !header.isEmpty(); header = input.readLine()) {
                // whatever it says
            }
            if (status == 200) {
                input.readLine(); // the comment that opens the stream
                input.readLine();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param data null of a heartbeat */
    public record Event(String type, String id, @Nullable JsonNode data) {}

    public int status() {
        return status;
    }

    /** The next event with data, or null at the end of the stream. */
    public @Nullable Event next() {
        Event event = nextOrHeartbeat();
        while (event != null && event.data() == null) {
            event = nextOrHeartbeat();
        }
        return event;
    }

    /** The next event or heartbeat, or null at the end of the stream. */
    public @Nullable Event nextOrHeartbeat() {
        try {
            String type = "message";
            JsonNode data = null;
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                if (line.isEmpty()) {
                    return new Event(type, lastId, data);
                } else if (line.startsWith("id: ")) {
                    lastId = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = JSON.readTree(line.substring(6));
                }
            }
            return null;
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
}
