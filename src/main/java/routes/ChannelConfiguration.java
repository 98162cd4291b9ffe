package routes;

import jakarta.mail.PasswordAuthentication;
import logaggregator.alert.NotifySettings;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.mail.MailAuthenticator;
import org.apache.camel.spi.ComponentCustomizer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What channels need and doesn't stand in their routes. */
@Configuration(proxyBeanMethods = false)
class ChannelConfiguration {

    /** Not a candidate for others that look for threads. */
    @Bean(name = "notifyThreads", defaultCandidate = false)
    static DeliveryThreads notifyThreads(NotifySettings settings) {
        return new DeliveryThreads(settings);
    }

    /** For both schemes, http and https; a channel that doesn't say otherwise doesn't wait for ever. */
    @Bean
    static ComponentCustomizer httpTimeouts(NotifySettings settings) {
        return ComponentCustomizer.builder(HttpComponent.class).build((name, http) -> {
            http.setConnectTimeout(settings.tryTimeoutMs());
            http.setConnectionRequestTimeout(settings.tryTimeoutMs());
            http.setResponseTimeout(settings.tryTimeoutMs());
            http.setSoTimeout(settings.tryTimeoutMs());
        });
    }

    /** User and password of the mail server, if it wants any; not in the URI, since these are shown. */
    @Bean
    static MailAuthenticator emailLogin(
            @Value("${notify.email.user}") String user, @Value("${notify.email.password}") String password) {
        return new MailAuthenticator() {
            @Override
            public PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(user, password);
            }
        };
    }
}
