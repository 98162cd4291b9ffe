package logaggregator.ingest;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import logaggregator.Chunk;
import logaggregator.LogEntry;
import org.jspecify.annotations.Nullable;

/**
 * Collects the records of one request into chunks. Under a key the same request makes the same chunks whenever and
 * wherever it is sent: their borders depend on no setting, and nothing is left out but what is too long for any chunk.
 * What can't be stored, by the settings and the time of now, goes along to become a dead letter. Without a key the chunks
 * hold the good records only. Used by one thread for one request.
 */
public final class Chunker {

    private final boolean keyed;
    private final int maxRecords;
    private final Instant receivedAt;
    private final Supplier<UUID> ids;
    private int positions;
    private int bytes;
    private final List<Chunk> chunks = new ArrayList<>();
    private List<LogEntry> entries = new ArrayList<>();
    private List<Integer> refused = new ArrayList<>();
    private ByteArrayOutputStream data = new ByteArrayOutputStream();

    /**
     * Begins with no chunk.
     *
     * @param recordsPerEntry how many records one chunk of a request without a key holds at most; each also ends before
     *     it exceeds 1 MiB
     * @param idempotencyKey the producer's name for the request, or null
     */
    public Chunker(int recordsPerEntry, Instant receivedAt, @Nullable String idempotencyKey) {
        this.keyed = ChunkIds.isKey(idempotencyKey);
        this.maxRecords = keyed ? IngestLimits.MAX_RECORDS_PER_ENTRY : recordsPerEntry;
        this.receivedAt = receivedAt;
        this.ids = ChunkIds.of(idempotencyKey);
    }

    /** Adds a record whose bytes as sent are {@code body[from..to)}. */
    public void add(LogEntry entry, byte[] body, int from, int to) {
        makeRoom(to - from);
        entries.add(entry);
        writeAsOneLine(body, from, to);
    }

    /** Adds a record that can't be stored, if it has to go along. */
    public void refuse(int index, byte[] body, int from, int to) {
        if (keyed) {
            makeRoom(to - from);
            if (to - from <= IngestLimits.MAX_RECORD_BYTES) {
                refused.add(index);
                writeAsOneLine(body, from, to);
            }
        }
    }

    private void makeRoom(int length) {
        if (positions == maxRecords || bytes + length >= IngestLimits.MAX_RECORD_BYTES) {
            close();
        }
        positions++;
        bytes += length + 1;
    }

    public List<Chunk> chunks() {
        close();
        return chunks;
    }

    /** A line break in JSON is white space between two tokens (strings can't hold one), so it may become a space. */
    private void writeAsOneLine(byte[] body, int from, int to) {
        int start = from;
        for (int i = from; i < to; i++) {
            if (body[i] == '\n' || body[i] == '\r') {
                data.write(body, start, i - start);
                data.write(' ');
                start = i + 1;
            }
        }
        data.write(body, start, to - start);
        data.write('\n');
    }

    private void close() {
        UUID id = ids.get();
        positions = 0;
        bytes = 0;
        if (!entries.isEmpty() || !refused.isEmpty()) {
            chunks.add(new Chunk(id, null, receivedAt, entries, data.toByteArray(), refused));
            entries = new ArrayList<>();
            refused = new ArrayList<>();
            data = new ByteArrayOutputStream();
        }
    }
}
