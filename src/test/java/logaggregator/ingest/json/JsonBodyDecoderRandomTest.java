package logaggregator.ingest.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static logaggregator.ingest.json.JsonRecords.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import logaggregator.Batch;
import logaggregator.LogEntry;
import logaggregator.ingest.IngestLimits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of random text: each must come out as it went in, whichever way it is sent. */
class JsonBodyDecoderRandomTest {

    private static final int RECORDS = 2_000;
    private static final Instant NOW = Instant.parse("2025-06-01T12:00:00Z");
    private static final IngestLimits LIMITS = new IngestLimits(1_000, 16 << 20, 50_000, 500);
    private static final String AWKWARD =
            "\"\\/{}[]:,'\b\f\n\r\t \u007F\u0085\u2028\u2029\uFEFF\uFFFD\uFFFE\u0001\u001B";
    private static final ObjectMapper PLAIN = new ObjectMapper();
    private static final ObjectMapper ESCAPING =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final JsonBodyDecoder decoder =
            new JsonBodyDecoder(LIMITS, new JsonRecordDecoder(LIMITS), Clock.fixed(NOW, ZoneOffset.UTC));

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = 20250601L)
    void any_text_comes_out_as_it_went_in(long seed) throws JsonProcessingException {
        Random random = new Random(seed);
        List<Map<String, Object>> records = new ArrayList<>();
        List<String> json = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            boolean escaping = i % 2 == 0;
            Supplier<String> text = () -> text(random, escaping);
            Map<String, Object> record = new LinkedHashMap<>();
            record.put("level", "INFO");
            record.put("message", text.get());
            record.put("service", "s" + text.get());
            record.put("app", "a");
            record.put("metadata", object(random, text));
            record.put("unknown", value(random, text));
            records.add(record);
            json.add((escaping ? ESCAPING : PLAIN).writeValueAsString(record));
        }

        List<LogEntry> fromArray = decode("[" + String.join(",", json) + "]");
        List<LogEntry> fromLines = decode(String.join("\n", json));

        assertThat(fromArray).hasSize(RECORDS);
        assertThat(fromArray).usingRecursiveFieldByFieldElementComparator().isEqualTo(fromLines);
        for (int i = 0; i < RECORDS; i++) {
            Map<String, Object> record = records.get(i);
            LogEntry entry = fromArray.get(i);
            assertThat(entry.message()).isEqualTo(storable(record.get("message")));
            assertThat(entry.service()).isEqualTo(storable(record.get("service")));
            assertThat(PLAIN.readTree(metadata(entry))).isEqualTo(PLAIN.valueToTree(expectedMetadata(record)));
        }
    }

    private List<LogEntry> decode(String body) {
        Batch batch = decoder.decode(body.getBytes(UTF_8), null, null);
        assertThat(batch.rejections()).isEmpty();
        return batch.chunks().stream()
                .flatMap(chunk -> chunk.entries().stream())
                .toList();
    }

    private static Map<String, Object> expectedMetadata(Map<String, Object> record) {
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("unknown", storable(record.get("unknown")));
        ((Map<?, ?>) storable(record.get("metadata"))).forEach((key, value) -> expected.put((String) key, value));
        if (!storable(record).equals(record)) {
            expected.put("sanitized", true);
        }
        return expected;
    }

    private static Map<String, Object> object(Random random, Supplier<String> text) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int members = random.nextInt(4); members > 0; members--) {
            object.put(key(random, text), value(random, text));
        }
        return object;
    }

    private static Object value(Random random, Supplier<String> text) {
        return switch (random.nextInt(5)) {
            case 0 -> object(random, text);
            case 1 -> List.of(text.get(), random.nextDouble(), object(random, text));
            case 2 -> random.nextLong();
            case 3 -> random.nextBoolean();
            default -> text.get();
        };
    }

    private static String key(Random random, Supplier<String> text) {
        return random.nextInt(1_000_000) + wellFormed(text.get());
    }

    private static String text(Random random, boolean halfPairs) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(30); length > 0; length--) {
            switch (random.nextInt(5)) {
                case 0 -> text.append((char) random.nextInt(128));
                case 1 -> text.append(AWKWARD.charAt(random.nextInt(AWKWARD.length())));
                case 2 -> text.append((char) random.nextInt(Character.MIN_SURROGATE));
                case 3 -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
                default -> text.append((char) (Character.MIN_SURROGATE + random.nextInt(0x800)));
            }
        }
        return halfPairs ? text.toString() : wellFormed(text.toString());
    }

    private static Object storable(Object value) {
        if (value instanceof String text) {
            return wellFormed(text).replace('\0', '\uFFFD');
        }
        if (value instanceof List<?> list) {
            return list.stream().map(JsonBodyDecoderRandomTest::storable).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> result = new LinkedHashMap<>();
            map.forEach((key, member) -> result.put((String) storable(key), storable(member)));
            return result;
        }
        return value;
    }

    private static String wellFormed(String text) {
        StringBuilder result = new StringBuilder();
        text.codePoints()
                .map(c -> Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
                .forEach(result::appendCodePoint);
        return result.toString();
    }
}
