package logaggregator.support;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.function.Function;

/** What an operator types into redis-cli: a connection for each question. */
public final class RedisConsole {

    private RedisConsole() {}

    public static <T> T ask(RedisProcess server, Function<RedisCommands<String, String>, T> question) {
        RedisClient client = RedisClient.create(server.url());
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            return question.apply(connection.sync());
        } finally {
            client.shutdown();
        }
    }
}
