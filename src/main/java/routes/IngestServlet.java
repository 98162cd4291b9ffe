package routes;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.apache.camel.component.servlet.ServletComponent;
import org.apache.camel.http.common.CamelServlet;
import org.apache.camel.http.common.DefaultHttpRegistry;
import org.apache.camel.http.common.HttpConsumer;
import org.apache.camel.http.common.ServletResolveConsumerStrategy;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;

/**
 * Leads requests to {@link IngestRoute}, which runs in the thread of the web server: a request passes the filters once and
 * changes no thread.
 */
final class IngestServlet extends CamelServlet {

    static final String PATH = "/api/v1/ingest";

    private static final String METHODS_ALLOWED = "POST, OPTIONS";
    private static final String NAME = "ingest";

    private IngestServlet() {
        setServletName(NAME);
        setServletResolveConsumerStrategy(new OnlyConsumer());
    }

    @Override
    protected void doService(HttpServletRequest request, HttpServletResponse response) throws Exception {
        // as it was sent: what the server takes for this path after decoding isn't ours
        if (!request.getRequestURI().equals(PATH)) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        } else if (request.getMethod().equals("OPTIONS")) {
            response.setHeader(HttpHeaders.ALLOW, METHODS_ALLOWED);
        } else if (!request.getMethod().equals("POST")) {
            response.setHeader(HttpHeaders.ALLOW, METHODS_ALLOWED);
            response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
        } else if (getConsumers().isEmpty()) {
            // the route was stopped, it may be started again
            response.setHeader(HttpHeaders.RETRY_AFTER, "2");
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        } else {
            super.doService(request, response);
        }
    }

    private static final class OnlyConsumer implements ServletResolveConsumerStrategy {

        @Override
        public @Nullable HttpConsumer resolve(HttpServletRequest request, Map<String, HttpConsumer> consumers) {
            return consumers.values().stream().findAny().orElse(null);
        }

        @Override
        public boolean isHttpMethodAllowed(
                HttpServletRequest request, String method, Map<String, HttpConsumer> consumers) {
            return method.equals("POST");
        }
    }

    /** The servlet, and the Camel component that connects it with the route. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnExpression("'${app.roles}'.contains('api')")
    static class Registration {

        @Bean
        ServletRegistrationBean<IngestServlet> ingestServlet() {
            var registration = new ServletRegistrationBean<>(new IngestServlet(), PATH, PATH + "/");
            registration.setName(NAME);
            registration.setLoadOnStartup(1);
            return registration;
        }

        /** With a registry of its own: the usual one is shared by all applications of a JVM. */
        @Bean("servlet-component")
        ServletComponent servletComponent(ServletRegistrationBean<IngestServlet> servlet) {
            DefaultHttpRegistry registry = new DefaultHttpRegistry();
            registry.register(servlet.getServlet());
            ServletComponent component = new ServletComponent();
            component.setServletName(NAME);
            component.setHttpRegistry(registry);
            component.setHttpBinding(new IngestBinding());
            return component;
        }
    }
}
