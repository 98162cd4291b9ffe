package bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ethlo.time.ITU;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.lettuce.core.RedisClient;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;

/** What the parts of the way can do by themselves, with the same records. */
final class Yardsticks {

    private static final int RECORDS_PER_ENTRY = 500;
    private static final int MAX_NAME = 100;
    private static final int MAX_MESSAGE = 65_536;
    private static final String COLUMNS = "app_id, app, level, service, message, metadata_, timestamp, received_at";

    private final Stage stage;
    private final byte[] rows;
    private final List<byte[]> bodies = new ArrayList<>();
    private final int records;

    Yardsticks(Stage stage, int records) {
        this.stage = stage;
        this.records = records;
        rows = Workload.copyText(0, records).getBytes(UTF_8);
        for (int from = 0; from < records; from += RECORDS_PER_ENTRY) {
            bodies.add(Workload.ndjson(from, from + RECORDS_PER_ENTRY).getBytes(UTF_8));
        }
    }

    /** Rows a second by one COPY on one connection, into the table that the service uses, with its indexes. */
    void copy(Series series) throws Exception {
        try (Connection connection =
                DriverManager.getConnection(stage.database().jdbcUrl())) {
            Meter meter = stage.meter();
            long begin = System.nanoTime();
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY logs (" + COLUMNS + ") FROM STDIN", new ByteArrayInputStream(rows));
            series.add(perSecond(records, begin), meter.per(records));
        }
    }

    /** Microseconds of one processor to parse and check a record with Jackson's streaming parser. */
    void parse(Series series) throws Exception {
        JsonFactory json = new JsonFactory();
        long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        int parsed = 0;
        for (byte[] body : bodies) {
            parsed += parse(json, body);
        }
        if (parsed != records) {
            throw new IllegalStateException(parsed + " records parsed");
        }
        series.add((ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin) / 1e3 / records);
    }

    private static int parse(JsonFactory json, byte[] body) throws Exception {
        int records = 0;
        try (JsonParser parser = json.createParser(body)) {
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                int required = 0;
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    if (name.equals("metadata_")) {
                        parser.skipChildren();
                    } else if (name.equals("timestamp")) {
                        ITU.parseDateTime(parser.getText());
                    } else {
                        int length = parser.getText().length();
                        required += length > 0 && length <= (name.equals("message") ? MAX_MESSAGE : MAX_NAME) ? 1 : 0;
                    }
                }
                records += required == 4 ? 1 : 0;
            }
        }
        return records;
    }

    /** Records a second by XADD of 500 to an entry, one after the other on one connection. */
    void redis(Series series, String appendfsync) {
        RedisClient client = RedisClient.create(stage.redis().url());
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            var redis = connection.sync();
            redis.configSet("appendfsync", appendfsync);
            List<String> entries =
                    bodies.stream().map(body -> new String(body, UTF_8)).toList();
            Meter meter = stage.meter();
            long begin = System.nanoTime();
            for (String entry : entries) {
                redis.xadd("yardstick", new XAddArgs(), Map.of("data", entry));
            }
            series.add(perSecond(records, begin), meter.per(records));
            redis.del("yardstick");
            redis.configSet("appendfsync", "always");
        } finally {
            client.shutdownAsync(); // may never end (https://github.com/redis/lettuce/issues/2278)
        }
    }

    static double perSecond(long records, long beginNanos) {
        return records / ((System.nanoTime() - beginNanos) / 1e9);
    }
}
