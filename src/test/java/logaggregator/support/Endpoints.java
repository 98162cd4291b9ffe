package logaggregator.support;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.servlet.ServletEndpoint;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** What a service can be asked: its controllers and its routes. */
public final class Endpoints {

    private Endpoints() {}

    /** Each as {@code GET /api/v1/logs/{id}}. It must have been asked something before: then it has looked for its handlers. */
    public static Set<String> of(InProcessApp app) {
        Set<String> endpoints = new TreeSet<>();
        for (var mapping : app.bean(DispatcherServlet.class).getHandlerMappings()) {
            if (mapping instanceof RequestMappingHandlerMapping controllers) {
                controllers.getHandlerMethods().forEach((request, method) -> {
                    if (method.getBeanType().getName().startsWith("logaggregator.")) {
                        endpoints.addAll(operations(request));
                    }
                });
            }
        }
        app.bean(CamelContext.class).getEndpoints().stream()
                .filter(ServletEndpoint.class::isInstance)
                .map(ServletEndpoint.class::cast)
                .forEach(route -> endpoints.add("POST " + route.getPath()));
        app.bean(CamelContext.class).getEndpoints().stream()
                .filter(PlatformHttpEndpoint.class::isInstance)
                .map(PlatformHttpEndpoint.class::cast)
                .forEach(route -> Stream.of(route.getHttpMethodRestrict().split(","))
                        .forEach(method -> endpoints.add(method + " " + route.getPath())));
        return endpoints;
    }

    private static List<String> operations(RequestMappingInfo request) {
        return request.getPatternValues().stream()
                .flatMap(path ->
                        request.getMethodsCondition().getMethods().stream().map(method -> method + " " + path))
                .toList();
    }
}
