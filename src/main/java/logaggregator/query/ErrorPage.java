package logaggregator.query;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers where a servlet or a filter said no more than a status. */
@RestController
@Hidden
class ErrorPage implements ErrorController {

    /** Null when the answer has begun: then the server breaks the connection. */
    @RequestMapping("${server.error.path:${error.path:/error}}")
    @Nullable
    ProblemDetail problem(HttpServletRequest request, HttpServletResponse response) {
        if (response.isCommitted()) {
            return null;
        }
        if (!(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer status)) {
            // somebody asks for the page itself
            return ApiExceptionHandler.problem(HttpStatus.NOT_FOUND);
        }
        ProblemDetail problem = ApiExceptionHandler.problem(HttpStatus.valueOf(status));
        problem.setInstance(URI.create((String) request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI)));
        return problem;
    }
}
