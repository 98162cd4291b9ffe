package logaggregator.support;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import java.util.function.Function;

/** What an operator types into redis-cli. */
public final class RedisConsole {

    /** One for all tests, and never shut down: that may never return (https://github.com/redis/lettuce/issues/2278). */
    private static final RedisClient CLIENT = RedisClient.create();

    private RedisConsole() {}

    /** Asks over a connection that is made for this question. */
    public static <T> T ask(RedisProcess server, Function<RedisCommands<String, String>, T> question) {
        try (StatefulRedisConnection<String, String> connection = connect(server)) {
            return question.apply(connection.sync());
        }
    }

    /** A connection for many questions, to be closed before the server ends. */
    public static StatefulRedisConnection<String, String> connect(RedisProcess server) {
        return CLIENT.connect(StringCodec.UTF8, RedisURI.create(server.url()));
    }
}
