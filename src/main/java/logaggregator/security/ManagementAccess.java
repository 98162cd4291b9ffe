package logaggregator.security;

import com.fasterxml.jackson.databind.ObjectMapper;
import logaggregator.access.Attempts;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/**
 * What the context of the management port has beside Spring's endpoints: the filters of the other port aren't in it. Named in
 * {@code META-INF/spring}, and no component: it must not get into the context of the other port.
 */
public class ManagementAccess {

    @Bean
    static FilterRegistrationBean<ManagementFilter> managementFilter(
            ManagementDoor door, ClientAddresses addresses, Attempts attempts, ProblemWriter problems) {
        var registration = new FilterRegistrationBean<>(new ManagementFilter(door, addresses, attempts, problems));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    @Bean
    static UnreadableRequests unreadableOperatorsRequests(ObjectMapper json) {
        return new UnreadableRequests(json);
    }
}
