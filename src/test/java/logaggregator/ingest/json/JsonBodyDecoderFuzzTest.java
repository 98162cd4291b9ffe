package logaggregator.ingest.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.LogEntry;
import logaggregator.Rejection;
import logaggregator.ingest.IngestLimits;
import logaggregator.ingest.InvalidBodyException;
import org.jspecify.annotations.Nullable;

/** Any bytes: a body is decoded as a parser of another kind reads it, or refused for a reason with a name. */
class JsonBodyDecoderFuzzTest {

    private static final Instant NOW = Instant.parse("2025-06-01T12:00:00.123456Z");
    private static final IngestLimits LIMITS = new IngestLimits(1_000, 1 << 20, 100, 3);
    private static final JsonRecordDecoder RECORDS = new JsonRecordDecoder(LIMITS);
    private static final JsonBodyDecoder BODIES =
            new JsonBodyDecoder(LIMITS, RECORDS, Clock.fixed(NOW, ZoneOffset.UTC));
    private static final NdjsonDecoder LINES = new NdjsonDecoder(RECORDS);

    /** Our limits are the narrower ones. */
    private static final StreamReadConstraints UNLIMITED = StreamReadConstraints.builder()
            .maxNestingDepth(100_000)
            .maxNumberLength(1 << 20)
            .maxNameLength(1 << 20)
            .build();

    private static final ObjectMapper TREES = JsonMapper.builder(
                    JsonFactory.builder().streamReadConstraints(UNLIMITED).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Set<String> COLUMNS = Set.of("level", "message", "service", "app", "app_id", "timestamp");

    /** Not after a backslash that escapes it: that is no JSON. */
    private static final Pattern PLAIN_NUL = Pattern.compile("(?<!\\\\)((?:\\\\{2})*)\0");

    @FuzzTest
    void body(byte[] body) {
        Batch batch;
        try {
            batch = BODIES.decode(body, null, null);
        } catch (InvalidBodyException e) {
            assertThat(e.status()).isIn(400, 413);
            assertThat(e.code()).matches("[a-z0-9_]+");
            assertThat(e.getMessage()).isNotBlank();
            assertNamed(e.rejections());
            if (e.code().equals("invalid_json")) {
                assertThat(tree(text(body))).as("what is refused").isNull();
            }
            return;
        }
        assertNamed(batch.rejections());
        List<LogEntry> entries = entries(batch);
        assertThat(Stream.concat(
                                entries.stream().map(LogEntry::index),
                                batch.rejections().stream().map(Rejection::index))
                        .sorted())
                .containsExactlyElementsOf(
                        IntStream.range(0, entries.size() + batch.rejections().size())
                                .boxed()
                                .toList());
        assertReadByTheWorker(batch);
        assertAsATree(body, entries, batch.rejections());
        assertCompleteUnderAKey(body, batch);
    }

    @FuzzTest
    void lines(byte[] data) {
        List<LogEntry> entries = new ArrayList<>();
        List<Rejection> rejections = new ArrayList<>();

        LINES.decode(data, NOW, entries::add, rejections::add);

        assertNamed(rejections);
        assertThat(LINES.indexes(data).count()).isEqualTo(entries.size() + rejections.size());
        for (LogEntry entry : entries) {
            byte[] line = NdjsonDecoder.record(data, entry.index());
            assertEqual(entry, tree(text(line)));
        }
        for (Rejection rejection : rejections) {
            if (rejection.reason().equals("invalid_json")) {
                String line = text(NdjsonDecoder.record(data, rejection.index()));
                assertThat(line == null || line.isBlank() ? null : tree(line)).isNull();
            }
        }
    }

    /** What the door takes the worker takes too, and reads it the same. */
    private static void assertReadByTheWorker(Batch batch) {
        for (Chunk chunk : batch.chunks()) {
            List<LogEntry> again = new ArrayList<>();
            List<Rejection> refused = new ArrayList<>();
            LINES.decode(chunk.data(), chunk.receivedAt(), again::add, refused::add);
            assertThat(refused).isEmpty();
            assertThat(again)
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("index", "metadata")
                    .isEqualTo(chunk.entries());
            for (int i = 0; i < again.size(); i++) {
                assertThat(metadata(again.get(i)))
                        .isEqualTo(metadata(chunk.entries().get(i)));
            }
        }
    }

    /** Nothing is left out, and the worker stores and refuses what the door does. */
    private static void assertCompleteUnderAKey(byte[] body, Batch withoutKey) {
        Batch batch = BODIES.decode(body, null, "key");
        assertThat(batch.rejections())
                .extracting(Rejection::index, Rejection::reason)
                .isEqualTo(withoutKey.rejections().stream()
                        .map(rejection -> tuple(rejection.index(), rejection.reason()))
                        .toList());
        for (Chunk chunk : batch.chunks()) {
            List<Integer> good = new ArrayList<>();
            List<Integer> refused = new ArrayList<>();
            int[] places = chunk.places();
            LINES.decode(
                    chunk.data(),
                    chunk.receivedAt(),
                    entry -> good.add(places[entry.index()]),
                    rejection -> refused.add(places[rejection.index()]));
            assertThat(good)
                    .isEqualTo(chunk.entries().stream().map(LogEntry::index).toList());
            assertThat(refused).isEqualTo(chunk.refused());
        }
    }

    private static void assertAsATree(byte[] body, List<LogEntry> entries, List<Rejection> rejections) {
        Map<Integer, LogEntry> byIndex =
                entries.stream().collect(Collectors.toMap(LogEntry::index, Function.identity()));
        JsonNode tree = tree(text(body));
        if (tree instanceof ArrayNode array) {
            assertThat(array).hasSize(entries.size() + rejections.size());
            byIndex.forEach((index, entry) -> assertEqual(entry, array.get(index)));
        } else if (tree != null) {
            assertEqual(byIndex.get(0), tree);
        } else {
            assertThat(new String(body, UTF_8).stripLeading()).doesNotStartWith("[");
        }
    }

    private static void assertEqual(LogEntry entry, @Nullable JsonNode tree) {
        assertThat(tree).as("what is accepted").isInstanceOf(ObjectNode.class);
        assertThat(entry.message()).isEqualTo(storable(tree.get("message").textValue()));
        assertThat(entry.service()).isEqualTo(storable(tree.get("service").textValue()));
        assertThat(entry.app() == null ? tree.path("app_id").isNumber() : true).isTrue();
        JsonNode metadata = metadata(entry);
        if (metadata != null && metadata.path("sanitized").asBoolean()) {
            return; // different names may have become the same
        }
        if (tree.has("metadata") && tree.has("metadata_")) {
            return; // the later one counts, and a tree doesn't tell which that is
        }
        ObjectNode expected = TREES.createObjectNode();
        tree.properties().stream()
                .filter(field -> !COLUMNS.contains(field.getKey()))
                .forEach(field -> expected.set(field.getKey(), field.getValue()));
        for (String name : List.of("metadata", "metadata_")) {
            if (expected.remove(name) instanceof ObjectNode own) {
                expected.setAll(own);
            }
        }
        assertThat(metadata == null ? TREES.createObjectNode() : metadata).isEqualTo(expected);
    }

    private static void assertNamed(List<Rejection> rejections) {
        for (Rejection rejection : rejections) {
            assertThat(rejection.reason()).matches("[a-z0-9_]+");
            assertThat(rejection.error()).isNotBlank();
        }
    }

    private static List<LogEntry> entries(Batch batch) {
        return batch.chunks().stream()
                .flatMap(chunk -> chunk.entries().stream())
                .toList();
    }

    private static @Nullable JsonNode metadata(LogEntry entry) {
        return entry.metadata() == null ? null : tree(new String(entry.metadata(), UTF_8));
    }

    /** What the bytes mean, NUL written as an escape; null when they aren't UTF-8. */
    private static @Nullable String text(byte[] bytes) {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            String marked = text.startsWith("\uFEFF") ? text.substring(1) : text;
            return PLAIN_NUL.matcher(marked).replaceAll("$1\\\\u0000");
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static @Nullable JsonNode tree(@Nullable String text) {
        try {
            return text == null ? null : TREES.readTree(text);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static String storable(String text) {
        return text.codePoints()
                .map(c -> c == 0 || Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
