package logaggregator.store.postgres;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import logaggregator.Chunk;
import logaggregator.LogEntry;

/** Any rows: read as the format of COPY says, each field is there as it was, and nothing is left over. */
class CopyEncoderFuzzTest {

    private static final byte[] HEADER = "PGCOPY\n\u00FF\r\n\0\0\0\0\0\0\0\0\0".getBytes(ISO_8859_1);
    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    @FuzzTest
    void rows(FuzzedDataProvider data) throws Exception {
        List<LogRow> rows = new ArrayList<>();
        while (data.remainingBytes() > 0 && rows.size() < 50) {
            rows.add(row(data));
        }

        ByteArrayOutputStream parts = new ByteArrayOutputStream();
        CopyEncoder.encode(rows, parts::writeBytes);
        ByteBuffer copy = ByteBuffer.wrap(parts.toByteArray());

        byte[] header = new byte[HEADER.length];
        copy.get(header);
        assertThat(header).isEqualTo(HEADER);
        for (LogRow row : rows) {
            assertThat(copy.getShort()).as("number of fields").isEqualTo((short) 8);
            assertThat(field(copy))
                    .isEqualTo(ByteBuffer.allocate(4).putInt(row.appId()).array());
            assertThat(field(copy)).asString(UTF_8).isEqualTo(row.app());
            assertThat(field(copy)).asString(UTF_8).isEqualTo(row.entry().level());
            assertThat(field(copy)).asString(UTF_8).isEqualTo(row.entry().service());
            assertThat(field(copy)).asString(UTF_8).isEqualTo(row.entry().message());
            assertJson(field(copy), row.entry().metadata());
            assertThat(instant(field(copy))).isEqualTo(row.entry().timestamp());
            assertThat(instant(field(copy))).isEqualTo(row.chunk().receivedAt());
        }
        assertThat(copy.getShort()).as("end").isEqualTo((short) -1);
        assertThat(copy.hasRemaining()).isFalse();
    }

    private static LogRow row(FuzzedDataProvider data) {
        Instant receivedAt = instant(data);
        LogEntry entry = new LogEntry(
                0,
                null,
                null,
                text(data),
                text(data),
                text(data),
                instant(data),
                data.consumeBoolean() ? null : text(data).getBytes(UTF_8),
                null);
        Chunk chunk = new Chunk(new UUID(0, 0), null, receivedAt, List.of(entry), new byte[0]);
        return new LogRow(data.consumeInt(), text(data), entry, chunk);
    }

    /** Free of half pairs, as what the decoder lets through. */
    private static String text(FuzzedDataProvider data) {
        return new String(data.consumeString(200).getBytes(UTF_8), UTF_8);
    }

    private static Instant instant(FuzzedDataProvider data) {
        return Instant.EPOCH.plus(
                data.consumeLong(0, ChronoUnit.MICROS.between(Instant.EPOCH, LATEST)), ChronoUnit.MICROS);
    }

    private static byte[] field(ByteBuffer copy) {
        int length = copy.getInt();
        if (length < 0) {
            assertThat(length).isEqualTo(-1);
            return null;
        }
        byte[] field = new byte[length];
        copy.get(field);
        return field;
    }

    private static void assertJson(byte[] field, byte[] metadata) {
        if (metadata == null) {
            assertThat(field).isNull();
        } else {
            assertThat(field).hasSize(metadata.length + 1).startsWith(1).endsWith(metadata);
        }
    }

    private static Instant instant(byte[] field) {
        return POSTGRES_EPOCH.plus(ByteBuffer.wrap(field).getLong(), ChronoUnit.MICROS);
    }
}
