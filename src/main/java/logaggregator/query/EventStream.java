package logaggregator.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Collections;
import java.util.function.BooleanSupplier;
import logaggregator.tail.TailEvent;
import logaggregator.tail.TailListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what a listener is told to its client, in a thread of its own, since a slow client holds it.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent events</a>
 */
final class EventStream implements Runnable, AsyncListener {

    private static final Logger log = LoggerFactory.getLogger(EventStream.class);

    /** How often one looks whether the client may be told more, and how long nothing may be said: together ten seconds. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final long SILENCE_NANOS = Duration.ofSeconds(9).toNanos();

    private final BooleanSupplier stillAllowed;
    private final TailListener listener;
    private final AsyncContext connection;
    private final OutputStream output;
    private final ObjectMapper json;

    /** The server gives a completed response to the next request: nothing may be written any more, nor half written. */
    private boolean completed;

    private EventStream(TailListener listener, AsyncContext connection, ObjectMapper json, BooleanSupplier stillAllowed)
            throws IOException {
        this.stillAllowed = stillAllowed;
        this.listener = listener;
        this.connection = connection;
        this.output = connection.getResponse().getOutputStream();
        this.json = json;
    }

    /** @param stillAllowed whether the client may be told more */
    static void start(TailListener listener, AsyncContext connection, ObjectMapper json, BooleanSupplier stillAllowed)
            throws IOException {
        EventStream stream = new EventStream(listener, connection, json, stillAllowed);
        connection.addListener(stream);
        Thread thread = new Thread(stream, "log-tail-listener");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        try (listener) {
            send(":\n\n");
            long said = System.nanoTime();
            TailEvent event = listener.next(LOOK);
            while (event != null && stillAllowed.getAsBoolean()) {
                if (!(event instanceof TailEvent.Nothing) || System.nanoTime() - said > SILENCE_NANOS) {
                    send(toText(event));
                    said = System.nanoTime();
                }
                event = listener.next(LOOK);
            }
        } catch (IOException e) {
            log.debug("A listener went away", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.error("A listener could not be served", e);
        } finally {
            complete();
        }
    }

    private synchronized void send(String text) throws IOException {
        if (!completed) {
            output.write(text.getBytes(UTF_8));
            output.flush();
        }
    }

    /** A comment keeps the connection open; an id without data moves on where the client would resume. */
    private String toText(TailEvent event) throws IOException {
        if (event instanceof TailEvent.Log found) {
            return "id: " + found.position() + "\ndata: " + json.writeValueAsString(found.log()) + "\n\n";
        }
        if (event instanceof TailEvent.Missed missed) {
            return "event: missed\ndata: " + json.writeValueAsString(Collections.singletonMap("count", missed.count()))
                    + "\n\n";
        }
        TailEvent.Nothing nothing = (TailEvent.Nothing) event;
        return nothing.position() == null ? ":\n\n" : ":\nid: " + nothing.position() + "\n\n";
    }

    private synchronized void complete() {
        if (!completed) {
            completed = true;
            connection.complete();
        }
    }

    /** The server has noticed that a write failed; the thread that wrote may not have returned from it yet. */
    @Override
    public void onError(AsyncEvent event) {
        listener.end();
        complete();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        // there is none
    }

    @Override
    public void onComplete(AsyncEvent event) {
        // nothing is left to be done
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // happens once
    }
}
