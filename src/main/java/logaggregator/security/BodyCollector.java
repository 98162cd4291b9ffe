package logaggregator.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import logaggregator.ingest.InvalidBodyException;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Collects one body as it arrives, within its limit and the budget of all bodies, and unpacks it. Not thread-safe, except
 * that {@link #release} may be called by anybody once nothing is read any more.
 */
final class BodyCollector {

    static final int BLOCK_BYTES = 64 << 10;

    /** So little that many who send next to nothing don't use up the budget. */
    private static final int FIRST_BLOCK_BYTES = 8 << 10;

    private static final byte[] NOTHING = {};

    private final BodyBudget budget;
    private final int largest;
    private List<byte[]> blocks = new ArrayList<>();
    private int size;
    private int room;
    private long held;
    private byte[] body = NOTHING;
    private boolean gzip;

    /** @param largest how many bytes the body may have, before and after it is unpacked */
    BodyCollector(BodyBudget budget, int largest) {
        this.budget = budget;
        this.largest = largest;
    }

    void setGzip(boolean gzip) {
        this.gzip = gzip;
    }

    /** How many bytes have arrived. */
    int size() {
        return size;
    }

    /**
     * Takes what one read gives.
     *
     * @return false at the end of {@code source}
     * @throws InvalidBodyException when the body is too large, or when there are too many at once
     */
    boolean readFrom(InputStream source) throws IOException {
        if (room == 0) {
            addBlock(blocks.isEmpty() ? FIRST_BLOCK_BYTES : BLOCK_BYTES);
        }
        byte[] block = blocks.get(blocks.size() - 1);
        int count = source.read(block, block.length - room, room);
        if (count < 0) {
            return false;
        }
        room -= count;
        size += count;
        if (size > largest) {
            throw tooLarge(largest);
        }
        return true;
    }

    /** Unpacks what has arrived; nothing more may follow. */
    void finish() {
        byte[] collected = join();
        if (gzip && collected.length > 0) {
            // gone before the unpacked body is decoded, which is what takes most: it is refused for its own size only
            giveBack();
            body = unzip(collected);
        } else {
            body = collected;
        }
    }

    /** Hands the whole body over. Its memory stays reserved until it is released. */
    byte[] take() {
        byte[] taken = body;
        body = NOTHING;
        return taken;
    }

    /** Gives the memory of this body back to the others. */
    synchronized void release() {
        giveBack();
        blocks = new ArrayList<>();
        room = 0;
        body = NOTHING;
    }

    private synchronized void giveBack() {
        budget.giveBack(held);
        held = 0;
    }

    static InvalidBodyException tooLarge(int maxBytes) {
        return new InvalidBodyException(
                413,
                "body_too_large",
                "the body is larger than " + maxBytes
                        + " bytes, the most that is taken here (for logs: MAX_BODY_BYTES, or what memory allows)");
    }

    private void addBlock(int bytes) {
        if (!budget.take(bytes)) {
            throw new InvalidBodyException(
                    503,
                    "too_many_bodies",
                    "all bodies at once are larger than memory allows (MAX_HELD_BODY_BYTES): send it again in a moment");
        }
        held += bytes;
        blocks.add(new byte[bytes]);
        room = bytes;
    }

    private byte[] join() {
        byte[] joined = new byte[size];
        int copied = 0;
        for (byte[] block : blocks) {
            int length = Math.min(block.length, size - copied);
            System.arraycopy(block, 0, joined, copied, length);
            copied += length;
        }
        blocks = new ArrayList<>();
        room = 0;
        return joined;
    }

    private byte[] unzip(byte[] zipped) {
        size = 0;
        try (InputStream source = new GzipCompressorInputStream(new ByteArrayInputStream(zipped), true)) {
            while (readFrom(source)) {
                // on to the end
            }
        } catch (IOException e) {
            throw new InvalidBodyException(400, "invalid_gzip", "the body is not valid gzip");
        }
        return join();
    }
}
