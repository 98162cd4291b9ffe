package logaggregator.query;

import java.util.stream.Collectors;
import logaggregator.Problem;
import logaggregator.UnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** Turns the failures of controllers into problems; what Spring knows by itself it answers in the same form. */
@RestControllerAdvice
class ApiExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ApiExceptionHandler.class);

    private static final String INVALID = "invalid_parameter";

    @ExceptionHandler
    ProblemDetail handle(InvalidParameterException e) {
        return Problem.of(400, INVALID, String.valueOf(e.getMessage()));
    }

    @ExceptionHandler
    ProblemDetail handle(MethodArgumentTypeMismatchException e) {
        Class<?> type = e.getRequiredType();
        return Problem.of(
                400, INVALID, "parameter '" + e.getName() + "' must be " + (type == null ? "valid" : "of type " + type.getSimpleName()));
    }

    @ExceptionHandler
    ProblemDetail handle(HandlerMethodValidationException e) {
        String detail = e.getParameterValidationResults().stream()
                .flatMap(result -> result.getResolvableErrors().stream()
                        .map(error -> "parameter '" + result.getMethodParameter().getParameterName() + "' "
                                + error.getDefaultMessage()))
                .collect(Collectors.joining("; "));
        return Problem.of(400, INVALID, detail);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(UnavailableException e) {
        log.debug("A query found the database unavailable", e);
        return ResponseEntity.status(503)
                .header(HttpHeaders.RETRY_AFTER, "2")
                .body(Problem.of(503, "db_unavailable", "the database can't be reached at the moment"));
    }
}
