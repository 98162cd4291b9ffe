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

import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.LogEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyDecoderChunksTest {

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
                .containsExactly(List.of(0), List.of(2, 3), List.of(4, 5), List.of(6));
        assertThat(batch.chunks())
                .extracting(chunk -> text(chunk).lines().count())
                .containsExactly(1L, 2L, 2L, 1L);
        assertThat(batch.chunks()).extracting(Chunk::id).doesNotHaveDuplicates();
    }

    @Test
    void a_record_that_is_mended_moves_no_other_to_another_chunk_of_its_key() {
        String good = String.join("\n", recordSaying("m0"), recordSaying("m1"), recordSaying("m2"), recordSaying("m3"));
        String bad = String.join("\n", recordSaying("m0"), BAD, recordSaying("m2"), recordSaying("m3"));
        Batch first = decoder(50_000, 2).decode(bad.getBytes(UTF_8), null, "key");
        Batch second = decoder(50_000, 2).decode(good.getBytes(UTF_8), null, "key");

        assertThat(first.chunks().get(1).id()).isEqualTo(second.chunks().get(1).id());
        assertThat(text(first.chunks().get(1))).isEqualTo(text(second.chunks().get(1)));
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
        JsonBodyDecoder byTwo = decoder(50_000, 2);
        byte[] body = array(",", A, B, A, B, A).getBytes(UTF_8);
        List<UUID> ids = ids(byTwo.decode(body, null, "order-1"));

        assertThat(ids).hasSize(3).doesNotHaveDuplicates();
        assertThat(ids(byTwo.decode(body, null, "order-1"))).isEqualTo(ids);
        assertThat(ids(byTwo.decode(body, null, "order-2"))).doesNotContainAnyElementsOf(ids);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = " ")
    void without_a_key_each_request_gets_ids_of_its_own(String key) {
        byte[] body = A.getBytes(UTF_8);

        assertThat(ids(decoder(50_000, 500).decode(body, null, key)))
                .isNotEqualTo(ids(decoder(50_000, 500).decode(body, null, key)));
    }
}
