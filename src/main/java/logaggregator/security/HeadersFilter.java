package logaggregator.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Tells browsers what an answer must not be used for. What logs hold is never run, whatever it looks like. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 2)
class HeadersFilter implements Filter {

    /** Swagger UI draws its icons from data, and sets styles in its elements. */
    private static final String DOCS_POLICY =
            "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline';"
                    + " object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** Nothing but what comes from here is run or shown in the log explorer. */
    private static final String PAGES_POLICY =
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static final String DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

    private final ClientAddresses addresses;

    HeadersFilter(ClientAddresses addresses) {
        this.addresses = addresses;
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        if (!request.getMethod().equals("POST")) {
            addTo((HttpServletResponse) servletResponse, request);
        }
        chain.doFilter(servletRequest, servletResponse);
    }

    private void addTo(HttpServletResponse response, HttpServletRequest request) {
        response.setHeader("Content-Security-Policy", policy(request.getRequestURI()));
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("X-Frame-Options", "DENY");
        if (addresses.isSecure(request)) {
            response.setHeader("Strict-Transport-Security", "max-age=31536000");
        }
    }

    private static String policy(String path) {
        if (path.startsWith(ExplorerFilter.PAGES)) {
            return PAGES_POLICY;
        }
        return path.startsWith("/docs") || path.startsWith("/swagger-ui/") ? DOCS_POLICY : DATA_POLICY;
    }
}
