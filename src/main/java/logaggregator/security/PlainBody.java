package logaggregator.security;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import logaggregator.ingest.InvalidBodyException;
import org.jspecify.annotations.Nullable;

/** The bytes of a body after decompression, up to a limit: what a small compressed body may unpack to is counted too. */
final class PlainBody extends ServletInputStream {

    private final ServletInputStream source;
    private final boolean gzip;
    private final int maxBytes;
    private @Nullable InputStream unzipped;
    private long count;
    private boolean finished;

    PlainBody(ServletInputStream source, boolean gzip, int maxBytes) {
        this.source = source;
        this.gzip = gzip;
        this.maxBytes = maxBytes;
    }

    static InvalidBodyException tooLarge(int maxBytes) {
        return new InvalidBodyException(
                413, "body_too_large", "the body is larger than " + maxBytes + " bytes (MAX_BODY_BYTES)");
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = readPlain(buffer, offset, length);
        finished = read < 0;
        count += Math.max(0, read);
        if (count > maxBytes) {
            throw tooLarge(maxBytes);
        }
        return read;
    }

    private int readPlain(byte[] buffer, int offset, int length) throws IOException {
        if (!gzip) {
            return source.read(buffer, offset, length);
        }
        try {
            if (unzipped == null) {
                unzipped = new GZIPInputStream(source);
            }
            return unzipped.read(buffer, offset, length);
        } catch (ZipException | EOFException e) {
            throw new InvalidBodyException(400, "invalid_gzip", "the body is not valid gzip");
        }
    }

    @Override
    public boolean isFinished() {
        return finished;
    }

    @Override
    public boolean isReady() {
        return source.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
        throw new IllegalStateException("the body is read by blocking calls only");
    }
}
