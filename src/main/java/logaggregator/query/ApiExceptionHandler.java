package logaggregator.query;

import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import logaggregator.BusyException;
import logaggregator.Problem;
import logaggregator.QueryCancelledException;
import logaggregator.QueryTimedOutException;
import logaggregator.UnavailableException;
import logaggregator.ingest.IngestAnswer;
import logaggregator.ingest.InvalidBodyException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Turns failures of controllers into problems that say what was expected. */
@RestControllerAdvice
class ApiExceptionHandler extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ApiExceptionHandler.class);

    private final IngestAnswer bodies;

    ApiExceptionHandler(IngestAnswer bodies) {
        this.bodies = bodies;
    }

    @ExceptionHandler
    ProblemDetail handle(InvalidParameterException e) {
        ProblemDetail problem = invalidParameter(String.valueOf(e.getMessage()));
        if (e.position() > 0) {
            problem.setProperty("position", e.position());
        }
        return problem;
    }

    @ExceptionHandler
    ProblemDetail handle(InvalidCursorException e) {
        return Problem.of(400, "invalid_cursor", String.valueOf(e.getMessage()));
    }

    @ExceptionHandler
    ProblemDetail handle(QueryTimedOutException e) {
        return Problem.of(
                504,
                "query_timeout",
                "the query took longer than QUERY_TIMEOUT: narrow it by start_time, app, service or level");
    }

    @ExceptionHandler
    ProblemDetail handle(QueryCancelledException e) {
        return Problem.of(504, "query_cancelled", "the query was ended before it was answered, as somebody asked for");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(BusyException e) {
        return ResponseEntity.status(503)
                .header(HttpHeaders.RETRY_AFTER, "10")
                .body(Problem.of(503, e.code(), String.valueOf(e.getMessage())));
    }

    @ExceptionHandler
    ProblemDetail handle(NotFoundException e) {
        return Problem.of(404, "not_found", String.valueOf(e.getMessage()));
    }

    @ExceptionHandler
    ProblemDetail handle(ConflictException e) {
        return Problem.of(409, e.code(), String.valueOf(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<byte[]> handle(InvalidBodyException e) {
        return ResponseEntity.status(e.status())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(bodies.problem(e));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(UnavailableException e) {
        log.debug("A query found a server unavailable", e);
        boolean redis = String.valueOf(e.getMessage()).startsWith("Redis");
        return ResponseEntity.status(503)
                .header(HttpHeaders.RETRY_AFTER, "2")
                .body(
                        redis
                                ? Problem.of(503, "redis_unavailable", "Redis can't be used at the moment")
                                : Problem.of(503, "db_unavailable", "the database can't be used at the moment"));
    }

    @ExceptionHandler
    ProblemDetail handle(Exception e) {
        log.error("A request failed", e);
        return Problem.of(500, "internal_error", "the request could not be processed");
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String name = e instanceof MethodArgumentTypeMismatchException argument ? argument.getName() : "a parameter";
        return problem(invalidParameter("parameter '" + name + "' must be " + expected(e.getRequiredType())), headers);
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == UUID.class) {
            return "a UUID";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        return type == null || type == String.class ? "text" : "an integer";
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String detail = e.getParameterValidationResults().stream()
                .flatMap(result -> result.getResolvableErrors().stream()
                        .map(error -> "parameter '"
                                + result.getMethodParameter().getParameterName() + "' " + error.getDefaultMessage()))
                .collect(Collectors.joining("; "));
        return problem(invalidParameter(detail), headers);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return problem(problem(HttpStatus.valueOf(status.value())), headers);
    }

    /** Says no more than the status does. */
    static ProblemDetail problem(HttpStatus status) {
        return Problem.of(status.value(), status.name().toLowerCase(Locale.ROOT), status.getReasonPhrase());
    }

    private static ProblemDetail invalidParameter(String detail) {
        return Problem.of(400, "invalid_parameter", detail);
    }

    private static ResponseEntity<Object> problem(ProblemDetail problem, HttpHeaders headers) {
        return ResponseEntity.status(problem.getStatus()).headers(headers).body(problem);
    }
}
