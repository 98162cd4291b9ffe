package logaggregator.ingest.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import logaggregator.LogEntry;
import logaggregator.Rejection;
import logaggregator.ingest.IngestLimits;
import logaggregator.ingest.RejectedRecordException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One parser for all lines finds what a parser for each line finds. */
class RecordSequenceTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static final List<String> LINES = List.of(
            JsonRecords.record(),
            JsonRecords.record("message", "\"\u00c3\u00a9\\n{\\\"\""),
            JsonRecords.record("metadata_", "{\"a\":[1,{\"b\":null}],\"idempotency_key\":\"k\"}"),
            JsonRecords.record("message", "\"a\\u0000b\""),
            JsonRecords.record("message", "\"\u00ff\""),
            JsonRecords.record("level", "7"),
            JsonRecords.record("metadata_", "{\"n\":1e999}"),
            JsonRecords.record() + JsonRecords.record(),
            JsonRecords.record() + " x",
            JsonRecords.record().replace("}", ""),
            JsonRecords.record().replace("\"}", ""),
            JsonRecords.record() + "}",
            "{\"metadata_\":[",
            "{\"metadata_\":{",
            "]",
            "1,",
            "\"",
            "[1]",
            "{}",
            "null",
            "\u0000");

    private final JsonRecordDecoder decoder = new JsonRecordDecoder(new IngestLimits(1_000, 1 << 20, 10_000, 500));

    /** @param good how many of a hundred lines are as they should be */
    @ParameterizedTest
    @ValueSource(ints = {0, 50, 90, 100})
    void finds_what_is_found_line_by_line(int good) {
        Random random = new Random(good);
        for (int round = 0; round < 100; round++) {
            List<byte[]> lines = IntStream.range(0, 200)
                    .mapToObj(n -> random.nextInt(100) < good ? 0 : random.nextInt(LINES.size()))
                    .map(n -> LINES.get(n).getBytes(ISO_8859_1))
                    .toList();
            String text =
                    lines.stream().map(line -> new String(line, ISO_8859_1)).collect(Collectors.joining("\n"));
            Outcome together = new Outcome();
            new NdjsonDecoder(decoder).decode(text.getBytes(ISO_8859_1), NOW, together::accept, together::reject);

            Outcome alone = new Outcome();
            for (int index = 0; index < lines.size(); index++) {
                try {
                    alone.accept(decoder.decode(lines.get(index), 0, lines.get(index).length, index, NOW));
                } catch (RejectedRecordException e) {
                    alone.reject(e.at(index));
                }
            }
            assertThat(together.text).hasToString(alone.text.toString());
        }
    }

    private static final class Outcome {

        private final StringBuilder text = new StringBuilder();

        void accept(LogEntry entry) {
            text.append(entry.index())
                    .append(' ')
                    .append(entry.message())
                    .append(' ')
                    .append(entry.metadata() == null ? "none" : new String(entry.metadata(), ISO_8859_1))
                    .append('\n');
        }

        /** Where in the text it is wrong is told, too, which differs. */
        void reject(Rejection rejection) {
            text.append(rejection.index())
                    .append(' ')
                    .append(rejection.field())
                    .append(' ')
                    .append(rejection.reason())
                    .append('\n');
        }
    }
}
