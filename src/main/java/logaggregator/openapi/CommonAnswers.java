package logaggregator.openapi;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import logaggregator.store.LogFilter;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.method.HandlerMethod;

/** Adds what the signature of a controller's method tells: the parameters of its filter, and how it may refuse a request. */
class CommonAnswers implements OperationCustomizer {

    private static final List<String> FILTER =
            List.of("app", "service", "level", "start_time", "end_time", "q", "app_id");

    /** Of what is answered by a query of the database, which has a time-out therefore. */
    private static final String QUERY_ID = "query_id";

    @Override
    public Operation customize(Operation operation, HandlerMethod method) {
        List<MethodParameter> parameters = Arrays.asList(method.getMethodParameters());
        if (parameters.stream().anyMatch(parameter -> parameter.getParameterType() == LogFilter.class)) {
            addFilter(operation);
        }
        ApiResponses responses = operation.getResponses();
        if (!method.isVoid() && !responses.containsKey("204")) {
            add(responses, "406", "NotAcceptable");
        }
        if (parameters.stream().anyMatch(parameter -> parameter.hasParameterAnnotation(RequestBody.class))) {
            add(responses, "408", "BodyTimeout");
            add(responses, "413", "BodyTooLarge");
            add(responses, "415", "UnsupportedBody");
        }
        return operation;
    }

    private static void addFilter(Operation operation) {
        List<Parameter> own = operation.getParameters() == null ? List.of() : operation.getParameters();
        Stream<String> queryId = operation.getResponses().containsKey("504") ? Stream.of(QUERY_ID) : Stream.empty();
        operation.setParameters(Stream.concat(
                        Stream.concat(FILTER.stream(), queryId)
                                .map(name -> new Parameter().$ref("#/components/parameters/" + name)),
                        own.stream())
                .toList());
    }

    private static void add(ApiResponses responses, String status, String response) {
        responses.putIfAbsent(status, ApiDescription.reference(response));
    }
}
