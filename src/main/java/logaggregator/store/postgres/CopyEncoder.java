package logaggregator.store.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Writes rows in the binary format of COPY, where no text needs escaping. Used by one thread.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, binary format</a>
 */
final class CopyEncoder {

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");
    private static final int NULL = -1;
    private static final byte JSONB_VERSION = 1;

    /** What is sent at a time; a batch as a whole would be one large array after another. */
    private static final int PART_BYTES = 1 << 16;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(2 * PART_BYTES);
    private final DataOutputStream out = new DataOutputStream(bytes);
    private final Target target;

    static final String COPY =
            "COPY logs (app_id, app, level, service, message, metadata_, timestamp, received_at) FROM STDIN (FORMAT binary)";

    private static final int COLUMNS = 8;

    /** Takes what is encoded, part by part. */
    interface Target {
        void write(byte[] part) throws SQLException;
    }

    private CopyEncoder(Target target) {
        this.target = target;
    }

    static void encode(Iterable<LogRow> rows, Target target) throws SQLException {
        CopyEncoder encoder = new CopyEncoder(target);
        try {
            encoder.write(rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(Iterable<LogRow> rows) throws IOException, SQLException {
        out.write(SIGNATURE);
        out.writeInt(0); // flags
        out.writeInt(0); // length of the header's extension
        for (LogRow row : rows) {
            write(row);
            if (bytes.size() >= PART_BYTES) {
                flush();
            }
        }
        out.writeShort(-1);
        flush();
    }

    private void flush() throws SQLException {
        target.write(bytes.toByteArray());
        bytes.reset();
    }

    private void write(LogRow row) throws IOException {
        out.writeShort(COLUMNS);
        out.writeInt(Integer.BYTES);
        out.writeInt(row.appId());
        write(row.app());
        write(row.entry().level());
        write(row.entry().service());
        write(row.entry().message());
        writeJson(row.entry().metadata());
        write(row.entry().timestamp());
        write(row.chunk().receivedAt());
    }

    private void write(String text) throws IOException {
        byte[] encoded = text.getBytes(UTF_8);
        out.writeInt(encoded.length);
        out.write(encoded);
    }

    private void writeJson(byte @org.jspecify.annotations.Nullable [] json) throws IOException {
        if (json == null) {
            out.writeInt(NULL);
        } else {
            out.writeInt(1 + json.length);
            out.writeByte(JSONB_VERSION);
            out.write(json);
        }
    }

    private void write(Instant instant) throws IOException {
        out.writeInt(Long.BYTES);
        out.writeLong(ChronoUnit.MICROS.between(POSTGRES_EPOCH, instant));
    }
}
