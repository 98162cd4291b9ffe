package logaggregator;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the service: the features of this package and the Camel routes of package {@code routes}. */
@SpringBootApplication(scanBasePackages = {"logaggregator", "routes"})
@ConfigurationPropertiesScan
public class LogAggregatorApplication {

    public static void main(String[] args) {
        SpringApplication.run(LogAggregatorApplication.class, args);
    }
}
