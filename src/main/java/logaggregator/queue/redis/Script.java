package logaggregator.queue.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.Base16;

/** What Redis does in one step. Its text is sent only to a server that doesn't know it. Thread-safe. */
final class Script {

    private final String text;
    private final String digest;

    Script(String text) {
        this.text = text;
        this.digest = Base16.digest(text.getBytes(UTF_8));
    }

    <T> T run(RedisCommands<String, byte[]> redis, ScriptOutputType result, String[] keys, byte[]... arguments) {
        try {
            return redis.evalsha(digest, result, keys, arguments);
        } catch (RedisNoScriptException e) {
            // was started again: nothing of it was done
            return redis.eval(text, result, keys, arguments);
        }
    }
}
