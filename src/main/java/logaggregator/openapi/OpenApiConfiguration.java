package logaggregator.openapi;

import logaggregator.access.Access;
import logaggregator.store.LogFilter;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The description of the API, at {@code /openapi.json} and {@code /docs}; made when somebody first asks for it. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("springdoc.api-docs.enabled")
class OpenApiConfiguration {

    static {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(LogFilter.class, Access.class);
    }

    @Bean
    ApiDescription apiDescription() {
        return new ApiDescription();
    }

    @Bean
    CommonAnswers commonAnswers() {
        return new CommonAnswers();
    }

    @Bean
    RecordShapes recordShapes() {
        return new RecordShapes();
    }
}
