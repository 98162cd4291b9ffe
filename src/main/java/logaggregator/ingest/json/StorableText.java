package logaggregator.ingest.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Replaces in JSON text what PostgreSQL can't store, NUL and surrogates without their other half, by U+FFFD. In valid
 * UTF-8 both occur as escapes only, except that some producers send NUL as it is.
 */
final class StorableText {

    private static final byte[] REPLACEMENT = "\\ufffd".getBytes(US_ASCII);
    private static final byte[] ESCAPED_NUL = "\\u0000".getBytes(US_ASCII);
    private static final int ESCAPE_LENGTH = 6;

    private StorableText() {}

    /**
     * Makes {@code source[from..to)} storable. Escapes keep their length, a plain NUL doesn't.
     *
     * @return a copy, or null when there is nothing to replace
     */
    static byte @Nullable [] replace(byte[] source, int from, int to) {
        ByteArrayOutputStream copy = null;
        int copied = from;
        int i = from;
        while (i < to) {
            int length = lengthAt(source, i, to);
            if (isUnstorable(source, i, to)) {
                copy = copy == null ? new ByteArrayOutputStream(to - from) : copy;
                copy.write(source, copied, i - copied);
                copy.writeBytes(REPLACEMENT);
                copied = i + length;
            }
            i += length;
        }
        if (copy == null) {
            return null;
        }
        copy.write(source, copied, to - copied);
        return copy.toByteArray();
    }

    /** How long {@code source} becomes by {@link #escapeNul}. */
    static long lengthWithEscapedNul(byte[] source) {
        long length = source.length;
        boolean escaped = false;
        for (byte b : source) {
            if (b == 0 && !escaped) {
                length += ESCAPE_LENGTH - 1;
            }
            escaped = b == '\\' && !escaped;
        }
        return length;
    }

    /**
     * Writes each plain NUL as an escape, except after a backslash, where it is no JSON and must not become some.
     *
     * @return {@code source} itself when there is none
     */
    static byte[] escapeNul(byte[] source) {
        int length = Math.toIntExact(lengthWithEscapedNul(source));
        if (length == source.length) {
            return source;
        }
        byte[] copy = new byte[length];
        int end = 0;
        boolean escaped = false;
        for (byte b : source) {
            if (b == 0 && !escaped) {
                System.arraycopy(ESCAPED_NUL, 0, copy, end, ESCAPE_LENGTH);
                end += ESCAPE_LENGTH;
            } else {
                copy[end++] = b;
            }
            escaped = b == '\\' && !escaped;
        }
        return copy;
    }

    /** How many bytes belong together: a surrogate pair, an escape, or one plain byte. */
    private static int lengthAt(byte[] source, int i, int to) {
        if (source[i] != '\\') {
            return 1;
        }
        int unit = unitAt(source, i, to);
        if (unit < 0) {
            return Math.min(2, to - i);
        }
        return isPair(source, i, to, unit) ? 2 * ESCAPE_LENGTH : ESCAPE_LENGTH;
    }

    private static boolean isUnstorable(byte[] source, int i, int to) {
        if (source[i] != '\\') {
            return source[i] == 0;
        }
        int unit = unitAt(source, i, to);
        return unit == 0 || (unit > 0 && Character.isSurrogate((char) unit) && !isPair(source, i, to, unit));
    }

    private static boolean isPair(byte[] source, int i, int to, int unit) {
        if (!Character.isHighSurrogate((char) unit)) {
            return false;
        }
        int next = unitAt(source, i + ESCAPE_LENGTH, to);
        return next >= 0 && Character.isLowSurrogate((char) next);
    }

    /** The UTF-16 unit that the escape at {@code i} stands for; -1 when there is no such escape. */
    private static int unitAt(byte[] source, int i, int to) {
        if (i + ESCAPE_LENGTH > to || source[i] != '\\' || source[i + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int digit = 2; digit < ESCAPE_LENGTH; digit++) {
            int value = Character.digit(source[i + digit], 16);
            if (value < 0) {
                return -1;
            }
            unit = unit * 16 + value;
        }
        return unit;
    }
}
