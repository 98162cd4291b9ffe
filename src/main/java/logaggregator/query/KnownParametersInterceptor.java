package logaggregator.query;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Enforces {@link KnownParameters}. */
@Configuration(proxyBeanMethods = false)
class KnownParametersInterceptor implements HandlerInterceptor, WebMvcConfigurer {

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method && method.hasMethodAnnotation(KnownParameters.class)) {
            List<String> known =
                    List.of(method.getMethodAnnotation(KnownParameters.class).value());
            request.getParameterMap().forEach((name, values) -> {
                if (!known.contains(name)) {
                    throw new InvalidParameterException("unknown parameter '" + name + "'; known are " + known);
                }
                if (values[0].indexOf('\0') >= 0) {
                    throw new InvalidParameterException("parameter '" + name + "' must not hold NUL");
                }
                if (values.length > 1) {
                    throw new InvalidParameterException("parameter '" + name + "' may be given once");
                }
            });
        }
        return true;
    }
}
