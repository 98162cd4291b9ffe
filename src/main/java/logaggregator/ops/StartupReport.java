package logaggregator.ops;

import logaggregator.queue.LogQueue;
import logaggregator.store.StoreMaintenance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** A few lines that tell whoever started the service where everything is. */
@Component
class StartupReport {

    private static final Logger log = LoggerFactory.getLogger(StartupReport.class);

    private final StoreMaintenance store;
    private final LogQueue queue;
    private final String roles;

    StartupReport(StoreMaintenance store, LogQueue queue, @Value("${app.roles}") String roles) {
        this.store = store;
        this.queue = queue;
        this.roles = roles;
    }

    @EventListener
    void report(ApplicationReadyEvent ready) {
        if (ready.getApplicationContext() instanceof ServletWebServerApplicationContext web) {
            String address = web.getEnvironment().getProperty("server.address", "127.0.0.1");
            log.info("Listening  http://{}:{}", address, web.getWebServer().getPort());
            String management = web.getEnvironment().getProperty("local.management.port");
            if (management != null) {
                log.info(
                        "Operators  http://{}:{}/actuator/hawtio",
                        web.getEnvironment().getProperty("management.server.address", "127.0.0.1"),
                        management);
            }
        }
        log.info("Database   {}", store.location());
        log.info(
                "Redis      {}, keeps accepted logs: {}",
                queue.location(),
                queue.durability().token());
        log.info("Roles      {}", roles);
        log.info(
                "Docs       README.md; a browser shows the logs, GET /docs describes the API, GET /health tells the state");
    }
}
