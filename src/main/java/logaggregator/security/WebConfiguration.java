package logaggregator.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import logaggregator.settings.InvalidSettingException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.filter.UrlHandlerFilter;

/** Filters that come with Spring, ahead of controllers and Camel routes alike. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {

    private static final Pattern ORIGIN = Pattern.compile("https?://[A-Za-z0-9.\\-\\[\\]:]+");

    /** Paths work with and without a slash at the end. */
    @Bean
    FilterRegistrationBean<UrlHandlerFilter> trailingSlashFilter() {
        var registration = new FilterRegistrationBean<>(
                UrlHandlerFilter.trailingSlashHandler("/api/**", "/health/", "/docs/", "/openapi.json/")
                        .wrapRequest()
                        .build());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 6);
        return registration;
    }

    @Bean
    FilterRegistrationBean<CorsFilter> corsFilter(@Value("${security.cors-origins}") String origins) {
        CorsConfiguration cors = new CorsConfiguration();
        cors.setAllowedOrigins(origins(origins));
        // as the original; who changes an application (PATCH) is an admin, on our own pages
        cors.setAllowedMethods(List.of("GET", "POST", "DELETE"));
        cors.setAllowedHeaders(List.of("Content-Type", "X-API-Key", "Idempotency-Key"));
        cors.setExposedHeaders(List.of(
                "Link",
                "Location",
                "Content-Disposition",
                "X-Total-Count",
                "Retry-After",
                "Log-Durability",
                "RateLimit",
                "RateLimit-Policy",
                RequestIds.HEADER));
        // other pages never come with a session
        cors.setAllowCredentials(false);
        UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
        source.registerCorsConfiguration("/**", cors);
        var registration = new FilterRegistrationBean<CorsFilter>(new CorsFilterForOthers(source));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        return registration;
    }

    /** @throws InvalidSettingException when one isn't an origin */
    static List<String> origins(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(origin -> !origin.isEmpty())
                .map(WebConfiguration::origin)
                .toList();
    }

    private static String origin(String text) {
        if (!text.equals(CorsConfiguration.ALL) && !ORIGIN.matcher(text).matches()) {
            throw new InvalidSettingException(
                    "CORS_ORIGINS", "must hold origins with commas, e.g. https://shop.example.com, or * for all");
        }
        return text;
    }

    /** Our own pages aren't others, though a proxy that speaks TLS for us makes their origin look so. */
    private static final class CorsFilterForOthers extends CorsFilter {

        CorsFilterForOthers(CorsConfigurationSource source) {
            super(source);
        }

        @Override
        protected boolean shouldNotFilter(HttpServletRequest request) {
            return !Callers.isSentByAPageOfOthers(request);
        }
    }
}
