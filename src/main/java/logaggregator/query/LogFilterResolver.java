package logaggregator.query;

import logaggregator.access.Access;
import logaggregator.store.LogFilter;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Gives the methods of controllers their {@link LogFilter}, from the query parameters and what the sender may read. */
@Configuration(proxyBeanMethods = false)
class LogFilterResolver implements HandlerMethodArgumentResolver, WebMvcConfigurer {

    private final LogParameters parameters;

    LogFilterResolver(LogParameters parameters) {
        this.parameters = parameters;
    }

    @Override
    public void addArgumentResolvers(java.util.List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(this);
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType().equals(LogFilter.class);
    }

    @Override
    public LogFilter resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        Access access = Access.of(request.getAttribute(Access.ATTRIBUTE, RequestAttributes.SCOPE_REQUEST));
        return access.restrict(parameters.filter(request.getParameterMap()));
    }
}
