package logaggregator.explorer;

import io.lettuce.core.XReadArgs.StreamOffset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import logaggregator.support.Api;
import logaggregator.support.Database;
import logaggregator.support.InProcessApp;
import logaggregator.support.PostgresProcess;
import logaggregator.support.RedisConsole;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;

/** The service on servers of its own: nothing but what a test sends is in it. */
final class ExplorerServer implements AutoCloseable {

    private static final String STREAM = "explorer:stream";

    private final PostgresProcess postgres;
    private final RedisProcess redis;
    private final InProcessApp app;

    ExplorerServer(String... settings) {
        Path directory = Servers.newDirectory("explorer");
        postgres = new PostgresProcess(directory);
        redis = new RedisProcess(directory);
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("routes.dir=target/no-such-folder");
        app = new InProcessApp(postgres, redis, STREAM, all.toArray(String[]::new));
    }

    String url(String path) {
        return "http://127.0.0.1:" + app.port() + path;
    }

    /** At the management port. */
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

    /** Nothing leaves the queue any more, as somebody else has yet to read it. */
    void keepQueue() {
        RedisConsole.ask(redis, console -> console.xgroupCreate(StreamOffset.from(STREAM, "0"), "somebody-else"));
    }

    @Override
    public void close() {
        app.close();
        redis.close();
        postgres.close();
    }
}
