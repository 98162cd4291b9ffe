package logaggregator.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static logaggregator.ingest.json.JsonRecords.recordSaying;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.LogEntry;
import logaggregator.Rejection;
import logaggregator.ingest.IngestLimits;
import logaggregator.ingest.json.JsonBodyDecoder;
import logaggregator.ingest.json.JsonRecordDecoder;
import logaggregator.ingest.json.NdjsonDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkCodecTest {

    private static final Instant NOW = Instant.parse("2025-06-01T12:00:00.123456Z");
    private static final String ENTRY_ID = "1748779200777-3";
    private static final Instant ENTRY_TIME = Instant.parse("2025-06-01T12:00:00.777Z");
    private static final int MAX_DELIVERIES = 10;
    private static final IngestLimits LIMITS = new IngestLimits(1_000, 16 << 20, 50_000, 2);
    private static final JsonRecordDecoder RECORD_DECODER = new JsonRecordDecoder(LIMITS);

    private final ChunkCodec codec = codec("logs:stream");

    @Test
    void a_chunk_comes_back_as_it_went_in() {
        String body = recordSaying("a\u00e9") + "\r\n" + recordSaying("\\u0000") + "\n";
        Chunk sent = fromDoor(body).chunks().get(0);

        Chunk received =
                decode(codec.encode(fromDoor(body), null).get(0), 2).chunks().get(0);

        assertThat(received.origin()).isNotNull();
        assertThat(received.origin().id()).isEqualTo(ENTRY_ID);
        assertThat(received.origin().attempts()).isEqualTo(2);
        assertThat(received)
                .usingRecursiveComparison()
                .ignoringFields("origin", "id")
                .isEqualTo(sent);
    }

    @Test
    void the_id_of_a_chunk_travels_with_it() {
        Batch batch = fromDoor(recordSaying("a"));

        assertThat(decode(codec.encode(batch, null).get(0), 1).chunks().get(0).id())
                .isEqualTo(batch.chunks().get(0).id());
    }

    @Test
    void each_chunk_becomes_an_entry_that_tells_its_number_of_records() {
        List<Map<String, byte[]>> entries =
                codec.encode(fromDoor(recordSaying("a") + "\n" + recordSaying("b") + "\n" + recordSaying("c")), null);

        assertThat(entries)
                .extracting(fields -> new String(fields.get("n"), UTF_8))
                .containsExactly("2", "1");
        assertThat(new String(entries.get(1).get("data"), UTF_8)).isEqualTo(recordSaying("c") + "\n");
        assertThat(new String(entries.get(0).get("at"), UTF_8)).isEqualTo("1748779200123456");
    }

    @Test
    void an_entry_with_data_alone_gets_its_arrival_from_its_id() {
        Chunk chunk = decodeData(recordSaying("a")).chunks().get(0);

        assertThat(chunk.receivedAt()).isEqualTo(ENTRY_TIME);
        assertThat(chunk.entries()).extracting(LogEntry::message).containsExactly("a");
        assertThat(chunk.entries()).extracting(LogEntry::timestamp).containsExactly(ENTRY_TIME);
    }

    @Test
    void an_entry_with_data_alone_gets_the_same_id_each_time() {
        assertThat(foreignId("logs:stream", ENTRY_ID)).isEqualTo(foreignId("logs:stream", ENTRY_ID));
    }

    @Test
    void entries_with_data_alone_get_different_ids() {
        assertThat(IntStream.range(0, 1_000).mapToObj(i -> foreignId("logs:stream", "1748779200777-" + i)))
                .doesNotHaveDuplicates();
        assertThat(IntStream.range(0, 1_000).mapToObj(i -> foreignId("logs:stream", (1748779200777L + i) + "-0")))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"281474976710656-0", "18446744073709551615-18446744073709551615"})
    void an_entry_with_an_id_of_a_far_future_arrives_as_late_as_can_be(String entryId) {
        Delivery delivery = new Delivery(entryId, Map.of("data", bytes(recordSaying("a"))), 1);

        assertThat(codec.decode(List.of(delivery)).chunks())
                .extracting(Chunk::receivedAt)
                .containsExactly(Instant.parse("2200-01-01T00:00:00Z"));
    }

    @Test
    void entries_whose_ids_were_chosen_by_a_producer_get_different_ids() {
        assertThat(Stream.of(
                                "1748779200777-1",
                                "1748779200777-1073741825",
                                "1748779200777-18446744073709551615",
                                "281474976710655-0",
                                "281474976710656-0",
                                "281474976710657-0",
                                "18446744073709551615-0")
                        .map(entryId -> foreignId("logs:stream", entryId)))
                .doesNotHaveDuplicates();
    }

    @Test
    void entries_of_different_queues_get_different_ids() {
        assertThat(IntStream.range(0, 100).mapToObj(i -> foreignId("logs:stream:" + i, ENTRY_ID)))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "0197285c", "0197285c-9a01-7000-8000-00000000000g"})
    void an_entry_with_a_malformed_id_is_taken_for_one_without(String id) {
        assertThat(decode(Map.of("data", bytes(recordSaying("a")), "id", bytes(id)), 1)
                        .chunks())
                .extracting(Chunk::id)
                .containsExactly(foreignId("logs:stream", ENTRY_ID));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "1.5",
                "2025-06-01",
                "99999999999999999999",
                "-9223372036854775808",
                "9223372036854775807"
            })
    void an_entry_with_an_arrival_that_cannot_be_is_taken_for_one_without(String at) {
        assertThat(decode(Map.of("data", bytes(recordSaying("a")), "at", bytes(at)), 1)
                        .chunks())
                .extracting(Chunk::receivedAt)
                .containsExactly(ENTRY_TIME);
    }

    @Test
    void an_entry_without_data_is_rejected_with_all_it_holds() {
        Map<String, byte[]> fields = new LinkedHashMap<>();
        fields.put("payload", bytes("\u00e9\"x"));
        fields.put("from", bytes("elsewhere"));
        Batch batch = decode(fields, 1);

        assertThat(batch.chunks()).singleElement().satisfies(chunk -> {
            assertThat(chunk.entries()).isEmpty();
            assertThat(chunk.origin().id()).isEqualTo(ENTRY_ID);
        });
        assertThat(batch.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.reason()).isEqualTo("missing_field");
            assertThat(rejection.field()).isEqualTo("data");
            assertThat(new String(rejection.chunk().data(), UTF_8))
                    .isEqualTo("{\"from\":\"elsewhere\",\"payload\":\"\u00e9\\\"x\"}");
        });
    }

    @Test
    void a_bad_record_is_rejected_with_the_chunk_that_carried_it() {
        Batch batch = decodeData(recordSaying("a") + "\n{bad\n" + recordSaying("c"));

        assertThat(batch.chunks().get(0).entries()).extracting(LogEntry::index).containsExactly(0, 2);
        assertThat(batch.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.index()).isEqualTo(1);
            assertThat(rejection.chunk().id()).isEqualTo(batch.chunks().get(0).id());
            assertThat(NdjsonDecoder.record(rejection.chunk().data(), 1)).isEqualTo(bytes("{bad"));
        });
    }

    @Test
    void an_entry_that_was_delivered_too_often_is_given_up_record_by_record() {
        Map<String, byte[]> fields = Map.of("data", bytes(recordSaying("a") + "\n" + recordSaying("b")));
        Batch lastChance = decode(fields, MAX_DELIVERIES);
        Batch givenUp = decode(fields, MAX_DELIVERIES + 1);

        assertThat(lastChance.chunks().get(0).entries()).hasSize(2);
        assertThat(givenUp.chunks().get(0).entries()).isEmpty();
        assertThat(givenUp.chunks())
                .extracting(chunk -> chunk.origin().attempts())
                .containsExactly(11L);
        assertThat(givenUp.chunks().get(0).origin().account()).isEqualTo(Chunk.Account.uncounted(Map.of("", 2)));
        assertThat(givenUp.rejections()).extracting(Rejection::index).containsExactly(0, 1);
        assertThat(givenUp.rejections()).extracting(Rejection::reason).containsOnly("crash");
        assertThat(givenUp.rejections())
                .allSatisfy(rejection -> assertThat(rejection.chunk()).isNotNull());
    }

    @Test
    void an_entry_without_a_record_is_not_overlooked() {
        assertThat(decodeData("").rejections()).hasSize(1);
        assertThat(decode(Map.of("data", bytes("\n")), MAX_DELIVERIES + 1).rejections())
                .hasSize(1);
    }

    @Test
    void a_deleted_entry_is_left_out() {
        Delivery deleted = new Delivery(ENTRY_ID, Map.of(), 1);
        Delivery other = new Delivery("1748779200778-0", Map.of("data", bytes(recordSaying("a"))), 1);
        Batch batch = codec.decode(List.of(deleted, other));

        assertThat(batch.chunks()).extracting(chunk -> chunk.origin().id()).containsExactly("1748779200778-0");
        assertThat(batch.rejections()).isEmpty();
    }

    @Test
    void one_record_nobody_can_read_does_not_stop_the_others() {
        String[] hostile = {
            "[".repeat(2_000),
            "{\"metadata\":" + "[".repeat(2_000),
            "{\"n\":" + "1".repeat(2_000) + "}",
            recordSaying("x").replaceFirst("\\{", "{\"timestamp\":1e99999999999,"),
            recordSaying("x").replaceFirst("\\{", "{\"timestamp\":-1e17,"),
        };
        for (String record : hostile) {
            Batch batch = decodeData(record + "\n" + recordSaying("a"));

            assertThat(batch.chunks().get(0).entries())
                    .extracting(LogEntry::index)
                    .containsExactly(1);
            assertThat(batch.rejections()).extracting(Rejection::index).containsExactly(0);
        }
    }

    private static ChunkCodec codec(String queue) {
        QueueSettings settings =
                new QueueSettings(queue, "ingest-group", "logs:dlq", "me", 1, 500, 2_000, 60_000, MAX_DELIVERIES);
        return new ChunkCodec(new NdjsonDecoder(RECORD_DECODER), settings);
    }

    private static Batch fromDoor(String body) {
        return new JsonBodyDecoder(LIMITS, RECORD_DECODER, Clock.fixed(NOW, ZoneOffset.UTC))
                .decode(bytes(body), null, null);
    }

    private Batch decodeData(String data) {
        return decode(Map.of("data", bytes(data)), 1);
    }

    private Batch decode(Map<String, byte[]> fields, long attempts) {
        return codec.decode(List.of(new Delivery(ENTRY_ID, fields, attempts)));
    }

    private static UUID foreignId(String queue, String entryId) {
        Delivery delivery = new Delivery(entryId, Map.of("data", bytes(recordSaying("a"))), 1);
        return codec(queue).decode(List.of(delivery)).chunks().get(0).id();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
