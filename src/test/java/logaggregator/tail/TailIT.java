package logaggregator.tail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import logaggregator.queue.QueueTail;
import logaggregator.support.Api;
import logaggregator.support.EventReader;
import logaggregator.support.EventReader.Event;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.Records;
import logaggregator.support.RedisConsole;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Logs are seen as they come in, here by a process that stores none. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TailIT {

    private static final String STREAM = "tail:stream";

    private static InProcessApp app;
    private static Api api;

    private final List<EventReader> readers = new ArrayList<>();

    @BeforeAll
    static void start() {
        app = new InProcessApp(Servers.postgres(), Servers.redis(), STREAM, "app.roles=api");
        api = app.api();
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @AfterEach
    void leave() {
        readers.forEach(EventReader::close);
    }

    @Test
    void a_log_is_seen_before_it_is_stored() {
        EventReader reader = listen("app=tail-a");

        api.ingest("""
                {"level":"warn","message":"line\\nbreak","service":"api","app":"tail-a","timestamp":"2026-01-02T03:04:05Z",
                 "metadata_":{"n":1.50,\r"deep":{"a":[1]}}}""");

        Event event = reader.next();
        assertThat(event.type()).isEqualTo("message");
        assertThat(event.id()).matches("\\d+-\\d+:0");
        assertThat(names(event.data()))
                .containsExactly(
                        "level", "message", "timestamp", "metadata_", "service", "app_id", "app", "received_at");
        assertThat(event.data().get("level").asText()).isEqualTo("WARNING");
        assertThat(event.data().get("message").asText()).isEqualTo("line\nbreak");
        assertThat(event.data().get("timestamp").asText()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(event.data().get("metadata_").at("/deep/a/0").asInt()).isEqualTo(1);
        assertThat(event.data().get("app_id").isNull()).isTrue();
        assertThat(api.get("/api/v1/logs/?app=tail-a").body()).isEmpty();
        List<Object> groups = RedisConsole.ask(Servers.redis(), redis -> redis.xinfoGroups(STREAM));
        assertThat(groups).isEmpty();
    }

    @Test
    void filters_are_those_of_the_list() {
        EventReader reader =
                listen("app=tail-f&level=ERROR&q=metadata_.user_id:42%20AND%20NOT%20message:no&start_time=2026-01-01");

        api.ingest(String.join(
                "\n",
                List.of(
                        record("tail-f", "ERROR", "no", 42, "2026-02-01"),
                        record("tail-f", "INFO", "level", 42, "2026-02-01"),
                        record("tail-f", "ERROR", "user", 43, "2026-02-01"),
                        record("other", "ERROR", "app", 42, "2026-02-01"),
                        record("tail-f", "ERROR", "early", 42, "2025-02-01"),
                        record("tail-f", "ERROR", "yes", 42, "2026-02-01"))));

        Event event = reader.next();
        assertThat(event.data().get("message").asText()).isEqualTo("yes");
        assertThat(event.id()).endsWith(":5");
        assertThat(new EventReader(app.port(), "/api/v1/logs/tail?lvl=ERROR", null).status())
                .isEqualTo(400);
        assertThat(new EventReader(app.port(), "/api/v1/logs/tail", "yesterday").status())
                .isEqualTo(400);
    }

    @Test
    void a_listener_that_comes_back_goes_on_where_it_was() {
        EventReader first = listen("app=tail-r");
        api.ingest(Records.ndjson("tail-r", 0, 700));
        Event last = null;
        for (int n = 0; n < 123; n++) {
            last = first.next();
        }
        first.close();
        api.ingest(Records.ndjson("tail-r", 700, 800));

        EventReader second = listen("app=tail-r", last.id());
        api.ingest(Records.ndjson("tail-r", 800, 900));

        assertThat(IntStream.range(123, 900).mapToObj(n -> message(second.next())))
                .containsExactlyElementsOf(
                        IntStream.range(123, 900).mapToObj(Integer::toString).toList());
    }

    @Test
    void what_was_removed_meanwhile_is_said_to_be_missed() {
        EventReader first = listen("app=tail-m");
        api.ingest(Records.json("tail-m", 1));
        String id = first.next().id();
        api.ingest(Records.json("tail-m", 2));
        first.next();
        RedisConsole.ask(Servers.redis(), redis -> redis.xtrim(STREAM, 0));

        EventReader second = listen("app=tail-m", id);
        api.ingest(Records.json("tail-m", 3));

        Event missed = second.next();
        assertThat(missed.type()).isEqualTo("missed");
        assertThat(missed.data().get("count").isNull()).isTrue();
        assertThat(message(second.next())).isEqualTo("3");
    }

    @Test
    void what_came_after_what_was_removed_is_shown() {
        EventReader first = listen("app=tail-p");
        api.ingest(Records.json("tail-p", 1));
        String id = first.next().id();
        for (int n = 2; n <= 3; n++) {
            api.ingest(Records.json("tail-p", n));
            first.next();
        }
        RedisConsole.ask(Servers.redis(), redis -> redis.xtrim(STREAM, 2));

        EventReader second = listen("app=tail-p", id);

        assertThat(second.next().type()).isEqualTo("missed");
        assertThat(message(second.next())).isEqualTo("2");
        assertThat(message(second.next())).isEqualTo("3");
    }

    @Test
    void a_heartbeat_says_how_far_it_has_come() {
        EventReader first = listen("app=tail-h");
        api.ingest(Records.json("tail-other", 1));
        Event heartbeat = first.nextOrHeartbeat();
        assertThat(heartbeat.data()).isNull();
        assertThat(heartbeat.id()).matches("\\d+-\\d+");
        RedisConsole.ask(Servers.redis(), redis -> redis.xtrim(STREAM, 0));

        EventReader second = listen("app=tail-h", heartbeat.id());
        api.ingest(Records.json("tail-h", 1));

        assertThat(message(second.next())).isEqualTo("1");
    }

    @Test
    void a_slow_listener_is_told_how_many_it_missed() {
        int requests = 60;
        int records = 500;
        EventReader reader = listen("app=tail-s");
        String body = IntStream.range(0, records)
                .mapToObj(n -> record("tail-s", "INFO", "x".repeat(1_000), n, "2026-02-01"))
                .collect(Collectors.joining("\n"));
        for (int n = 0; n < requests; n++) {
            assertThat(api.ingest(body).status()).isEqualTo(200);
        }
        api.ingest(Records.json("tail-s", -1));

        long seen = 0;
        long missed = 0;
        for (Event event = reader.next(); !message(event).equals("-1"); event = reader.next()) {
            if (event.type().equals("missed")) {
                missed += event.data().get("count").asLong();
            } else {
                seen++;
            }
        }
        assertThat(missed).isPositive();
        assertThat(seen + missed).isEqualTo(requests * records);
    }

    /** Each of the next may have a mebibyte, whatever those before had. */
    @Test
    void however_small_entries_are_few_are_read_at_once() {
        QueueTail tail = app.bean(QueueTail.class);
        String begin = tail.last();
        for (int n = 0; n < 100; n++) {
            api.ingest(Records.json("tail-n", n));
        }

        int seen = 0;
        try (QueueTail.Reading reading = tail.readAfter(begin)) {
            while (seen < 100) {
                int count = reading.next(Duration.ZERO).size();
                assertThat(count).isBetween(1, 16);
                seen += count;
            }
        }
        assertThat(seen).isEqualTo(100);
    }

    @Test
    void there_is_a_limit_of_listeners_and_nobody_reads_for_none() {
        for (int n = 0; n < 100; n++) {
            assertThat(listen("app=tail-l").status()).isEqualTo(200);
        }
        assertThat(listen("app=tail-l").status()).isEqualTo(503);
        assertThat(readingConnections()).isEqualTo(1);

        leave();

        Eventually.holds(() -> {
            api.ingest(Records.json("tail-l", 1));
            return readingConnections() == 0;
        });
        assertThat(listen("app=tail-l").status()).isEqualTo(200);
    }

    @Test
    void it_outlives_a_restart_of_redis_and_ends_with_the_service() {
        try (RedisProcess redis = new RedisProcess(Servers.newDirectory("tail-redis"));
                InProcessApp other = new InProcessApp(Servers.postgres(), redis, "tail-restart", "app.roles=api")) {
            EventReader reader = new EventReader(other.port(), "/api/v1/logs/tail?app=tail-x", null);
            readers.add(reader);
            other.api().ingest(Records.json("tail-x", 1));
            assertThat(message(reader.next())).isEqualTo("1");
            redis.kill();
            redis.start();
            Eventually.holds(() -> other.api()
                    .ingest(Records.json("tail-x", 2))
                    .body()
                    .path("backend")
                    .asText()
                    .equals("redis"));
            assertThat(message(reader.next())).isEqualTo("2");

            other.close();

            assertThat(reader.next()).isNull();
        }
    }

    private EventReader listen(String query) {
        return listen(query, null);
    }

    private EventReader listen(String query, String lastEventId) {
        EventReader reader = new EventReader(app.port(), "/api/v1/logs/tail?" + query, lastEventId);
        readers.add(reader);
        return reader;
    }

    private static long readingConnections() {
        return RedisConsole.ask(Servers.redis(), redis -> redis.clientList()
                .lines()
                .filter(line -> line.contains("cmd=xread "))
                .count());
    }

    private static String record(String app, String level, String message, int user, String timestamp) {
        return """
                {"level":"%s","message":"%s","service":"s","app":"%s","timestamp":"%sT00:00:00Z","metadata_":{"user_id":%d}}""".formatted(level, message, app, timestamp, user);
    }

    private static String message(Event event) {
        return event.data().path("message").asText();
    }

    private static List<String> names(JsonNode object) {
        return StreamSupport.stream(((Iterable<String>) object::fieldNames).spliterator(), false)
                .toList();
    }
}
