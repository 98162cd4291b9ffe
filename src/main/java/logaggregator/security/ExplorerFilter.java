package logaggregator.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The way to the log explorer. Browsers that ask for {@code /} get there; programs get what the route {@code welcome} answers.
 */
@Component
@ConditionalOnExpression("'${app.roles}'.contains('api')")
@Order(Ordered.HIGHEST_PRECEDENCE + 3)
class ExplorerFilter extends OncePerRequestFilter {

    static final String PAGES = "/ui/";

    private static final Set<String> DOORS = Set.of("/", "/ui");

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = request.getRequestURI();
        return !path.startsWith(PAGES) && !DOORS.contains(path);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getRequestURI().startsWith(PAGES)) {
            // asked for each time, and seldom sent: what belongs together comes from one version
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
            if (request.getRequestURI().equals(PAGES)) {
                request.getRequestDispatcher(PAGES + "index.html").forward(request, response);
                return;
            }
        } else {
            response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
            if (isBrowser(request)) {
                String query = request.getQueryString();
                response.setStatus(HttpServletResponse.SC_FOUND);
                // relative: a proxy may know all of this under another path
                response.setHeader(HttpHeaders.LOCATION, "ui/" + (query == null ? "" : "?" + query));
                return;
            }
        }
        chain.doFilter(request, response);
    }

    private static boolean isBrowser(HttpServletRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return request.getMethod().equals("GET") && accept != null && accept.contains(MediaType.TEXT_HTML_VALUE);
    }
}
