package logaggregator.query;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Enforces {@link KnownParameters}. */
@Configuration(proxyBeanMethods = false)
class KnownParametersInterceptor implements HandlerInterceptor, WebMvcConfigurer {

    /** Set by Tomcat, which leaves such parameters out and goes on. */
    private static final String UNDECODABLE = "org.apache.catalina.parameter_parse_failed";

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method && method.hasMethodAnnotation(KnownParameters.class)) {
            Set<String> known = known(method.getMethodAnnotation(KnownParameters.class));
            Map<String, String[]> parameters = request.getParameterMap();
            if (request.getAttribute(UNDECODABLE) != null) {
                throw new InvalidParameterException("the parameters must be UTF-8 in %-encoding, and not too many");
            }
            parameters.forEach((name, values) -> {
                if (!known.contains(name)) {
                    throw new InvalidParameterException("unknown parameter '" + name + "'; known are " + known);
                }
                if (Arrays.stream(values).anyMatch(String::isBlank) && !name.equals("q")) {
                    throw new InvalidParameterException("parameter '" + name + "' must not be empty");
                }
                if (Arrays.stream(values).anyMatch(value -> value.indexOf('\0') >= 0)) {
                    throw new InvalidParameterException("parameter '" + name + "' must not hold NUL");
                }
                if (values.length > 1 && !LogParameters.REPEATABLE.contains(name)) {
                    throw new InvalidParameterException("parameter '" + name + "' may be given once");
                }
            });
        }
        return true;
    }

    private static Set<String> known(KnownParameters annotation) {
        Set<String> known = new TreeSet<>(List.of(annotation.value()));
        if (annotation.logFilter()) {
            known.addAll(LogParameters.NAMES);
        }
        return known;
    }
}
