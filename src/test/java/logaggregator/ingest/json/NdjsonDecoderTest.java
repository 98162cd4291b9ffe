package logaggregator.ingest.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static logaggregator.ingest.json.JsonRecords.recordSaying;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import logaggregator.LogEntry;
import logaggregator.Rejection;
import logaggregator.ingest.IngestLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NdjsonDecoderTest {

    private static final Instant NOW = Instant.parse("2025-06-01T12:00:00Z");
    private static final String A = recordSaying("a");
    private static final String B = recordSaying("b\u2028\u0085");

    private final NdjsonDecoder decoder =
            new NdjsonDecoder(new JsonRecordDecoder(new IngestLimits(1_000, 16 << 20, 50_000, 500)));
    private final List<LogEntry> accepted = new ArrayList<>();
    private final List<Rejection> rejected = new ArrayList<>();

    @Test
    void numbers_records_by_their_order_not_by_their_line() {
        decode("\n" + A + "\r\n\n  \nx\n" + B);

        assertThat(accepted).extracting(LogEntry::index).containsExactly(0, 2);
        assertThat(accepted).extracting(LogEntry::message).containsExactly("a", "b\u2028\u0085");
        assertThat(rejected).extracting(Rejection::index).containsExactly(1);
        assertThat(rejected).extracting(Rejection::reason).containsExactly("invalid_json");
    }

    @Test
    void rejects_only_the_last_line_when_the_text_was_cut() {
        decode(A + "\n" + B.substring(0, 20));

        assertThat(accepted).extracting(LogEntry::index).containsExactly(0);
        assertThat(rejected).extracting(Rejection::index).containsExactly(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", " \r\n\t\n"})
    void does_not_overlook_data_without_a_record(String data) {
        decode(data);

        assertThat(accepted).isEmpty();
        assertThat(rejected).singleElement().extracting(Rejection::index).isEqualTo(0);
        assertThat(decoder.indexes(data.getBytes(UTF_8))).containsExactly(0);
    }

    @Test
    void gives_the_indexes_of_good_and_bad_records() {
        assertThat(decoder.indexes((A + "\n\nx\n" + B + "\n").getBytes(UTF_8))).containsExactly(0, 1, 2);
    }

    @ParameterizedTest
    @CsvSource({"0, first", "1, 'b\u00e9d {'", "2, third"})
    void finds_the_own_bytes_of_a_record_again(int index, String record) {
        byte[] data = "\n first\n\n\tb\u00e9d {\nthird".getBytes(UTF_8);

        assertThat(NdjsonDecoder.record(data, index)).isEqualTo(record.getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"x, 1", "'', 0"})
    void shows_all_of_the_data_when_it_holds_no_such_record(String data, int index) {
        assertThat(NdjsonDecoder.record(data.getBytes(UTF_8), index)).isEqualTo(data.getBytes(UTF_8));
    }

    private void decode(String data) {
        decoder.decode(data.getBytes(UTF_8), NOW, accepted::add, rejected::add);
    }
}
