package logaggregator.security;

import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import logaggregator.ingest.InvalidBodyException;

/** Reads a whole body, decompressed, up to a limit: what a small compressed body would unpack to counts. */
final class BodyReader {

    private BodyReader() {}

    /** @throws InvalidBodyException when the body is too large or not what it claims to be */
    static byte[] read(HttpServletRequest request, boolean gzip, int maxBytes) throws IOException {
        if (request.getContentLengthLong() > maxBytes) {
            throw tooLarge(maxBytes);
        }
        byte[] body = gzip
                ? unzip(request.getInputStream(), maxBytes)
                : request.getInputStream().readNBytes(maxBytes + 1);
        if (body.length > maxBytes) {
            throw tooLarge(maxBytes);
        }
        return body;
    }

    private static byte[] unzip(InputStream source, int maxBytes) throws IOException {
        try (GZIPInputStream unzipped = new GZIPInputStream(source)) {
            return unzipped.readNBytes(maxBytes + 1);
        } catch (ZipException | EOFException e) {
            throw new InvalidBodyException(400, "invalid_gzip", "the body is not valid gzip");
        }
    }

    private static InvalidBodyException tooLarge(int maxBytes) {
        return new InvalidBodyException(
                413, "body_too_large", "the body is larger than " + maxBytes + " bytes (MAX_BODY_BYTES)");
    }
}
