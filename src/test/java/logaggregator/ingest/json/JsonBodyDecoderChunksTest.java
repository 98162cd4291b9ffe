package logaggregator.ingest.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static logaggregator.ingest.json.BodyDecoding.A;
import static logaggregator.ingest.json.BodyDecoding.B;
import static logaggregator.ingest.json.BodyDecoding.BAD;
import static logaggregator.ingest.json.BodyDecoding.array;
import static logaggregator.ingest.json.BodyDecoding.decode;
import static logaggregator.ingest.json.BodyDecoding.decoder;
import static logaggregator.ingest.json.BodyDecoding.ids;
import static logaggregator.ingest.json.BodyDecoding.lines;
import static logaggregator.ingest.json.BodyDecoding.messages;
import static logaggregator.ingest.json.BodyDecoding.pretty;
import static logaggregator.ingest.json.BodyDecoding.text;
import static logaggregator.ingest.json.JsonRecords.record;
import static logaggregator.ingest.json.JsonRecords.recordSaying;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.LogEntry;
import logaggregator.ingest.IngestLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyDecoderChunksTest {

    private static final Instant NOW = Instant.parse("2025-06-01T12:00:00Z");

    @Test
    void puts_a_pretty_printed_record_on_one_line() {
        for (String body : List.of(pretty(A, "\n"), pretty("[" + A + "]", "\r\n"))) {
            assertThat(lines(decode(body))).singleElement().satisfies(line -> {
                assertThat(line).doesNotContain("\r");
                assertThat(JsonRecords.json(line)).isEqualTo(JsonRecords.json(A));
            });
        }
    }

    @Test
    void keeps_the_bytes_of_each_record_as_sent() {
        String spaced =
                "{ \"level\":\"info\",\t\"message\" : \"\\u00e9\u00e9\", \"service\":\"s\", \"app\":\"a\" ,\"x\":1e2 }";

        assertThat(lines(decode("[ " + spaced + " ,\n" + B + " ]"))).containsExactly(spaced, B);
        assertThat(lines(decode(spaced + "\n" + B))).containsExactly(spaced, B);
    }

    @Test
    void leaves_rejected_records_out_of_the_data() {
        assertThat(lines(decode("[" + A + "," + BAD + "," + B + "]"))).containsExactly(A, B);
        assertThat(lines(decode(A + "\n" + BAD + "\n" + B))).containsExactly(A, B);
    }

    @Test
    void makes_chunks_of_a_limited_number_of_records() {
        String body = IntStream.range(0, 7)
                .mapToObj(i -> i == 1 ? BAD : recordSaying("m" + i))
                .collect(Collectors.joining("\n"));
        Batch batch = decoder(50_000, 2).decode(body.getBytes(UTF_8), null, null);

        assertThat(batch.chunks())
                .extracting(
                        chunk -> chunk.entries().stream().map(LogEntry::index).toList())
                .containsExactly(List.of(0, 2), List.of(3, 4), List.of(5, 6));
        assertThat(batch.chunks())
                .extracting(chunk -> text(chunk).lines().count())
                .containsExactly(2L, 2L, 2L);
        assertThat(batch.chunks()).extracting(Chunk::id).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {",", "\n"})
    void under_a_key_the_chunks_are_the_same_whatever_may_be_stored(String separator) {
        String future = record("timestamp", "\"2025-06-05T12:00:00Z\"");
        String longOne = recordSaying("x".repeat(900));
        String[] records = IntStream.range(0, 1_200)
                .mapToObj(i -> i % 7 == 0 ? future : i % 11 == 0 ? longOne : recordSaying("m" + i))
                .toArray(String[]::new);
        byte[] body = array(separator, records).getBytes(UTF_8);

        Batch before = decodeAt(body, "key", new IngestLimits(500, 16 << 20, 50_000, 3), NOW);
        Batch after =
                decodeAt(body, "key", new IngestLimits(1_000, 16 << 20, 5_000, 500), NOW.plus(7, ChronoUnit.DAYS));

        assertThat(before.rejections()).isNotEmpty();
        assertThat(after.rejections()).isEmpty();
        assertThat(ids(after)).isEqualTo(ids(before)).hasSize(3);
        assertThat(after.chunks().stream().map(chunk -> text(chunk)).toList())
                .isEqualTo(before.chunks().stream().map(chunk -> text(chunk)).toList());
        assertThat(before.size()).isEqualTo(1_200);
        assertThat(before.rejections())
                .allSatisfy(
                        rejection -> assertThat(rejection.carrier().refused()).contains(rejection.index()));
    }

    @Test
    void under_a_key_whatever_stands_in_the_place_of_a_record_goes_along() {
        String elements = array(",", A, "1", "\"a \\n string\"", "[1,\n2]", "null", "{\"x\":1}", B);
        assertThat(lines(decoder(50_000, 500).decode(elements.getBytes(UTF_8), null, "key")))
                .containsExactly(A, "1", "\"a \\n string\"", "[1, 2]", "null", "{\"x\":1}", B);

        String lines = String.join("\n", A, "1", "}{", "\"\u0000", B);
        assertThat(lines(decoder(50_000, 500).decode(lines.getBytes(UTF_8), null, "key")))
                .containsExactly(A, "1", "}{", "\"\u0000", B);
    }

    @Test
    void under_a_key_a_record_that_is_too_long_for_a_chunk_is_left_out() {
        String tooLong = recordSaying("x".repeat(1 << 20));
        Batch batch = decoder(50_000, 500).decode(array("\n", A, tooLong, B).getBytes(UTF_8), null, "key");

        assertThat(lines(batch)).containsExactly(A, B);
        assertThat(batch.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.index()).isEqualTo(1);
            assertThat(rejection.chunk()).isNull();
        });
    }

    @Test
    void makes_chunks_of_at_most_1_MiB() {
        String third = record("service", "\"s\"" + " ".repeat(349_000));
        Batch batch = decode(array(",", third, third, third, third, third, A, third, third));

        assertThat(batch.size()).isEqualTo(8);
        assertThat(batch.chunks()).allSatisfy(chunk -> assertThat(chunk.data()).hasSizeLessThanOrEqualTo(1 << 20));
        assertThat(batch.chunks()).hasSize(3);
    }

    @Test
    void blanks_at_the_end_of_a_line_do_not_make_a_chunk_larger_than_1_MiB() {
        Batch batch = decode(A + " ".repeat(2 << 20) + "\n" + B);

        assertThat(messages(batch)).containsExactly("a\u00e9", "b\u2028");
        assertThat(batch.chunks())
                .allSatisfy(chunk -> assertThat(chunk.data().length).isLessThanOrEqualTo(1 << 20));
    }

    @Test
    void the_same_key_gives_the_same_ids_and_another_key_others() {
        String[] records = IntStream.range(0, 1_001).mapToObj(i -> A).toArray(String[]::new);
        byte[] body = array(",", records).getBytes(UTF_8);
        JsonBodyDecoder decoder = decoder(50_000, 500);
        List<UUID> ids = ids(decoder.decode(body, null, "order-1"));

        assertThat(ids).hasSize(3).doesNotHaveDuplicates();
        assertThat(ids(decoder.decode(body, null, "order-1"))).isEqualTo(ids);
        assertThat(ids(decoder.decode(body, null, "order-2"))).doesNotContainAnyElementsOf(ids);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = " ")
    void without_a_key_each_request_gets_ids_of_its_own(String key) {
        byte[] body = A.getBytes(UTF_8);

        assertThat(ids(decoder(50_000, 500).decode(body, null, key)))
                .isNotEqualTo(ids(decoder(50_000, 500).decode(body, null, key)));
    }

    private static Batch decodeAt(byte[] body, String key, IngestLimits limits, Instant now) {
        return new JsonBodyDecoder(limits, new JsonRecordDecoder(limits), Clock.fixed(now, ZoneOffset.UTC))
                .decode(body, null, key);
    }
}
