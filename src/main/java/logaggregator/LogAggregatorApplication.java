package logaggregator;

import java.util.List;
import java.util.ServiceLoader;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the service: the features of this package and the Camel routes of package {@code routes}. */
@SpringBootApplication(scanBasePackages = {"logaggregator", "routes"})
@ConfigurationPropertiesScan
public class LogAggregatorApplication {

    public static void main(String[] args) {
        for (Command command : ServiceLoader.load(Command.class)) {
            if (args.length > 0 && args[0].equals(command.name())) {
                System.exit(command.run(List.of(args).subList(1, args.length)));
            }
        }
        SpringApplication.run(LogAggregatorApplication.class, args);
    }
}
