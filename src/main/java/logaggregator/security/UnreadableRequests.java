package logaggregator.security;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.RequestDispatcher;
import java.io.IOException;
import java.io.Writer;
import logaggregator.Problem;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** Answers what the web server can't read, and so no filter ever sees, as all else that is refused: its own answer is a page. */
@Component
class UnreadableRequests implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private final ObjectMapper json;

    UnreadableRequests(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public void customize(TomcatServletWebServerFactory server) {
        server.addContextCustomizers(
                context -> context.getParent().getPipeline().addValve(new Answers()));
    }

    private final class Answers extends ErrorReportValve {

        @Override
        protected void report(Request request, Response response, Throwable failure) {
            if (response.getStatus() < HttpStatus.BAD_REQUEST.value()
                    || response.getContentWritten() > 0
                    || !response.setErrorReported()) {
                return;
            }
            try {
                response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
                Writer answer = response.getReporter();
                if (answer != null) {
                    answer.write(json.writeValueAsString(
                            Problem.of(response.getStatus(), "unreadable_request", detail(request))));
                    response.finishResponse();
                }
            } catch (IOException e) {
                request.setAttribute(RequestDispatcher.ERROR_EXCEPTION, e); // the client is gone
            }
        }

        private String detail(Request request) {
            var http = (AbstractHttp11Protocol<?>) request.getConnector().getProtocolHandler();
            return "the request can't be read: it is no HTTP, its first line and its headers are larger than "
                    + http.getMaxHttpRequestHeaderSize() + " bytes, or there are more than " + http.getMaxHeaderCount()
                    + " headers";
        }
    }
}
