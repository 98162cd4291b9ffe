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

/** Collects the good records of one request into chunks. Used by one thread for one request. */
public final class Chunker {

    private final int maxRecords;
    private final Instant receivedAt;
    private final Supplier<UUID> ids;
    private int positions;
    private int bytes;
    private final List<Chunk> chunks = new ArrayList<>();
    private List<LogEntry> entries = new ArrayList<>();
    private ByteArrayOutputStream data = new ByteArrayOutputStream();

    /**
     * Begins with no chunk.
     *
     * @param maxRecords how many records one chunk holds at most; it also ends before it exceeds 1 MiB
     * @param idempotencyKey makes the ids of the chunks the same each time the same request is sent; or null
     */
    public Chunker(int maxRecords, Instant receivedAt, @Nullable String idempotencyKey) {
        this.maxRecords = maxRecords;
        this.receivedAt = receivedAt;
        this.ids = ChunkIds.of(idempotencyKey);
    }

    /** Adds a record whose bytes as sent are {@code body[from..to)}. */
    public void add(LogEntry entry, byte[] body, int from, int to) {
        makeRoom(to - from);
        entries.add(entry);
        writeAsOneLine(body, from, to);
    }

    /**
     * Leaves a record out. It takes its place all the same: mended, it moves no other record to another chunk.
     *
     * @param length of its bytes as sent
     */
    public void skip(int length) {
        makeRoom(length);
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
        if (!entries.isEmpty()) {
            chunks.add(new Chunk(id, null, receivedAt, entries, data.toByteArray()));
            entries = new ArrayList<>();
            data = new ByteArrayOutputStream();
        }
    }
}
