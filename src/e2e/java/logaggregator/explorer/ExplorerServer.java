package logaggregator.explorer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import logaggregator.support.Api;
import logaggregator.support.Database;
import logaggregator.support.InProcessApp;
import logaggregator.support.PostgresProcess;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;

/** The service on servers of its own: nothing but what a test sends is in it. */
final class ExplorerServer implements AutoCloseable {

    private final PostgresProcess postgres;
    private final RedisProcess redis;
    private final InProcessApp app;

    ExplorerServer(String... settings) {
        Path directory = Servers.newDirectory("explorer");
        postgres = new PostgresProcess(directory);
        redis = new RedisProcess(directory);
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("routes.dir=target/no-such-folder");
        app = new InProcessApp(postgres, redis, "explorer:stream", all.toArray(String[]::new));
    }

    String url(String path) {
        return "http://127.0.0.1:" + app.port() + path;
    }

    /** Where operators look. */
    String managementUrl(String path) {
        return "http://127.0.0.1:" + app.managementPort() + path;
    }

    int port() {
        return app.port();
    }

    Api api() {
        return app.api();
    }

    Database database() {
        return new Database(postgres);
    }

    @Override
    public void close() {
        app.close();
        redis.close();
        postgres.close();
    }
}
