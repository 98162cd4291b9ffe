package logaggregator.ingest.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

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
}
