package logaggregator.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import logaggregator.store.LogPage;
import logaggregator.store.StoredLog;

/** Where a page of logs has ended, as text that goes to the client and back; good for the same filters only. */
final class Cursor {

    /** They may differ from one page to the next. */
    private static final Set<String> OF_THE_PAGE = Set.of("cursor", "limit", "skip", "count");

    private static final int LENGTH = 3 * Long.BYTES;

    private Cursor() {}

    static String after(StoredLog log, Map<String, String[]> parameters) {
        // not by Instant.until, which counts nanoseconds and fails from the year 2262 on
        Instant time = log.timestamp();
        long micros = time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH).putLong(micros).putLong(log.id());
        bytes.putLong(check(micros, log.id(), parameters));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** @throws InvalidCursorException when it isn't one of {@link #after} for the same parameters */
    static LogPage.Position parse(String cursor, Map<String, String[]> parameters) {
        try {
            byte[] decoded = Base64.getUrlDecoder().decode(cursor);
            if (decoded.length == LENGTH) {
                ByteBuffer bytes = ByteBuffer.wrap(decoded);
                long micros = bytes.getLong();
                long id = bytes.getLong();
                if (bytes.getLong() == check(micros, id, parameters)) {
                    return new LogPage.Position(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), id);
                }
            }
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            // as below
        }
        throw new InvalidCursorException();
    }

    private static long check(long micros, long id, Map<String, String[]> parameters) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(micros)
                    .putLong(id)
                    .array());
            new TreeMap<>(parameters).forEach((name, values) -> {
                if (!OF_THE_PAGE.contains(name)) {
                    digest.update((name + '\0' + String.join("\0", values) + "\0\0").getBytes(UTF_8));
                }
            });
            return ByteBuffer.wrap(digest.digest()).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JRE has SHA-256", e);
        }
    }
}
