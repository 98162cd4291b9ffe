package routes;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.http.common.DefaultHttpBinding;
import org.jspecify.annotations.Nullable;

/**
 * What {@link IngestRoute} is told of a request besides its body: two headers and two parameters, each from its own place.
 * Camel makes no difference between them and lets in any: then a parameter could say what filters took from a header.
 */
final class IngestBinding extends DefaultHttpBinding {

    private static final List<String> HEADERS = List.of("Idempotency-Key", "Prefer");
    private static final List<String> PARAMETERS = List.of("ack", "strict");

    IngestBinding() {
        // a client isn't shown what went wrong inside
        setMuteException(true);
    }

    @Override
    protected void readHeaders(HttpServletRequest request, Message message) {
        HEADERS.forEach(name -> set(message, name, request.getHeader(name)));
        PARAMETERS.forEach(name -> set(message, name, request.getParameter(name)));
    }

    @Override
    protected void readFormUrlEncodedBody(HttpServletRequest request, Message message) {
        // a body is records, whatever its type says
    }

    @Override
    protected void doWriteDirectResponse(Message message, HttpServletResponse response, Exchange exchange)
            throws IOException {
        // in one piece: as a stream it would be flushed, and go out in three
        byte[] answer = message.getBody(byte[].class);
        response.setContentLength(answer.length);
        response.getOutputStream().write(answer);
    }

    private static void set(Message message, String name, @Nullable String value) {
        if (value != null) {
            message.setHeader(name, value);
        }
    }
}
