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

/** The service on servers of its own. */
final class ExplorerServer implements AutoCloseable {

    private static final String STREAM = "explorer:stream";

    /** Of the shared one. */
    static final int QUERY_TIMEOUT_SECONDS = 15;

    private static ExplorerServer shared;

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

    /** One for all who get along with {@link DemoLogs#MANY} logs; it ends with this JVM. */
    static synchronized ExplorerServer shared() {
        if (shared == null) {
            shared = new ExplorerServer(
                    "ingest.max-message-length=262144", "database.query-timeout=" + QUERY_TIMEOUT_SECONDS);
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
            DemoLogs.send(shared.api(), DemoLogs.MANY);
        }
        return shared;
    }

    /** Deletes all apps but those of {@link DemoLogs}. */
    void deleteGuests() {
        api().get("/api/v1/apps/").body().forEach(app -> {
            if (!DemoLogs.APPS.contains(app.get("name").asText())) {
                api().delete("/api/v1/apps/" + app.get("id"));
            }
        });
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

    /** Nothing leaves the queue until this is closed, as somebody else has yet to read it. */
    AutoCloseable keptQueue() {
        String group = "somebody-else";
        RedisConsole.ask(redis, console -> console.xgroupCreate(StreamOffset.from(STREAM, "0"), group));
        return () -> RedisConsole.ask(redis, console -> console.xgroupDestroy(STREAM, group));
    }

    @Override
    public void close() {
        app.close();
        redis.close();
        postgres.close();
    }
}
