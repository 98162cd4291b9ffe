package logaggregator.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import logaggregator.support.Api;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.Records;
import logaggregator.support.RedisConsole;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.Test;

/** The service works with the role of PostgreSQL and the user of Redis that docs/SECURITY.md gives it. */
class FewRightsIT {

    private static final Pattern USER = Pattern.compile("ACL SETUSER (logs on .*)");

    @Test
    void a_role_that_owns_its_database_and_a_user_of_a_few_keys_are_enough() throws Exception {
        Database postgres = new Database(Servers.postgres());
        postgres.execute("CREATE ROLE few_rights LOGIN");
        postgres.execute("CREATE DATABASE few_rights OWNER few_rights ENCODING 'UTF8' TEMPLATE template0");
        String url =
                Servers.postgres().url().replace("postgres@", "few_rights@").replaceFirst("[a-z_]+$", "few_rights");
        Matcher user = USER.matcher(Files.readString(Path.of("docs/SECURITY.md")));
        assertThat(user.find()).isTrue();
        String[] rights = user.group(1).replace(">PASSWORD", ">s3cret").split(" ");
        try (RedisProcess redis = new RedisProcess(Servers.newDirectory("few-rights"))) {
            RedisConsole.ask(
                    redis,
                    console -> console.dispatch(
                            io.lettuce.core.protocol.CommandType.ACL,
                            new io.lettuce.core.output.StatusOutput<>(io.lettuce.core.codec.StringCodec.UTF8),
                            new io.lettuce.core.protocol.CommandArgs<>(io.lettuce.core.codec.StringCodec.UTF8)
                                    .add("SETUSER")
                                    .addValues(rights)));
            try (InProcessApp app =
                    new InProcessApp(url, redis.url().replace("redis://", "redis://logs:s3cret@"), "logs:few")) {
                Api api = app.api();
                String key = api.post(
                                "/api/v1/keys",
                                "{\"name\":\"n\",\"scopes\":[\"admin\"],\"logs_per_minute\":100}".getBytes(UTF_8))
                        .body()
                        .get("key")
                        .asText();
                Api owner = api.as(key);
                assertThat(owner.ingest(Records.json("few-rights", 1), "Prefer", "wait")
                                .body()
                                .toString())
                        .contains("\"backend\":\"redis\"", "\"stored\":1");
                String unknownApp = "{\"level\":\"INFO\",\"message\":\"m\",\"service\":\"s\",\"app_id\":987654}";
                owner.ingest(unknownApp + "\n" + Records.json("few-rights", 2), "Idempotency-Key", "few");
                Eventually.passes(
                        () -> assertThat(owner.get("/api/v1/dlq/").body()).isNotEmpty());
                Eventually.passes(() -> assertThat(
                                owner.get("/api/v1/logs/?app=few-rights").body())
                        .hasSize(2));
                assertThat(owner.get("/health").body().toString()).isEqualTo("{\"status\":\"ok\"}");
                assertThat(RedisConsole.<Long>ask(redis, console -> console.exists(keys(redis))))
                        .isPositive();
            }
        }
    }

    private static String[] keys(RedisProcess redis) {
        return RedisConsole.<java.util.List<String>>ask(redis, console -> console.keys("logs:few:quota:*"))
                .toArray(new String[0]);
    }
}
