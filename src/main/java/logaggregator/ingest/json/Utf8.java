package logaggregator.ingest.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Strict UTF-8: the JSON parser lets overlong forms and encoded surrogates pass, PostgreSQL doesn't. */
final class Utf8 {

    /** How many bytes the JSON parser looks at to guess UTF-16 or UTF-32, which we don't take. */
    private static final int GUESSED_BYTES = 4;

    private Utf8() {}

    static boolean isValid(byte[] bytes, int from, int to) {
        for (int i = from; i < Math.min(to, from + GUESSED_BYTES); i++) {
            if (bytes[i] == 0) {
                return false;
            }
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                return isWellFormed(bytes, i, to);
            }
        }
        return true;
    }

    private static boolean isWellFormed(byte[] bytes, int from, int to) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Returns a copy with U+FFFD in place of each NUL byte, or null when there is none. */
    static byte @Nullable [] withoutNul(byte[] bytes, int from, int to) {
        int nul = from;
        while (nul < to && bytes[nul] != 0) {
            nul++;
        }
        return nul == to
                ? null
                : new String(bytes, from, to - from, StandardCharsets.UTF_8)
                        .replace('\0', '\uFFFD')
                        .getBytes(StandardCharsets.UTF_8);
    }

    /** True when the text holds what PostgreSQL can't store: NUL or a surrogate without its other half. */
    static boolean isUnstorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return true;
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    /** The text with U+FFFD in place of each NUL and each surrogate without its other half. */
    static String storable(String text) {
        if (!isUnstorable(text)) {
            return text;
        }
        StringBuilder result = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) ? 0xFFFD : c)
                .forEach(result::appendCodePoint);
        return result.toString();
    }
}
