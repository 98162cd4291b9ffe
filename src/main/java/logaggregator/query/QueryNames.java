package logaggregator.query;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import logaggregator.access.Access;
import logaggregator.store.QueryName;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Takes the {@link QueryName} from the header {@code Query-Id}. */
@Configuration(proxyBeanMethods = false)
class QueryNames implements HandlerInterceptor, WebMvcConfigurer {

    static final String HEADER = "Query-Id";

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns("/api/v1/logs/**", "/api/v1/stats/**");
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        String name = request.getHeader(HEADER);
        if (name != null) {
            try {
                Access access = Access.of(request.getAttribute(Access.ATTRIBUTE));
                QueryName.set(new QueryName(UUID.fromString(name), access.account()));
            } catch (IllegalArgumentException e) {
                throw new InvalidParameterException("header '" + HEADER + "' must be a UUID");
            }
        }
        return true;
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        QueryName.clear();
    }
}
