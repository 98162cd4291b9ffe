package logaggregator.support;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import logaggregator.LogAggregatorApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;

/** The service inside the JVM of the tests, on servers of the tests and with a queue of its own. */
public final class InProcessApp implements AutoCloseable {

    private final ServletWebServerApplicationContext context;

    public InProcessApp(PostgresProcess postgres, RedisProcess redis, String stream, String... settings) {
        this(postgres.url(), redis.url(), stream, settings);
    }

    public InProcessApp(PostgresProcess postgres, String redisUrl, String stream, String... settings) {
        this(postgres.url(), redisUrl, stream, settings);
    }

    public InProcessApp(String databaseUrl, String redisUrl, String stream, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(
                "--database.url=" + databaseUrl,
                "--redis.url=" + redisUrl,
                "--server.port=0",
                "--management.server.port=0",
                "--ingest.stream=" + stream,
                "--ingest.dlq=" + stream + ":dlq"));
        if (Stream.of(settings).noneMatch(setting -> setting.startsWith("ingest.block-ms="))) {
            arguments.add("--ingest.block-ms=200"); // the end waits for a read to return
        }
        for (String setting : settings) {
            arguments.add("--" + setting);
        }
        context = (ServletWebServerApplicationContext)
                new SpringApplicationBuilder(LogAggregatorApplication.class).run(arguments.toArray(new String[0]));
    }

    public Api api() {
        return new Api(context.getWebServer().getPort());
    }

    /** What operators ask. */
    public Api management() {
        return new Api(managementPort());
    }

    public int managementPort() {
        return context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
    }

    public int port() {
        return context.getWebServer().getPort();
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }
}
