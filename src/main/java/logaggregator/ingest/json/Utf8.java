package logaggregator.ingest.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Strict UTF-8: the JSON parser lets overlong forms and encoded surrogates pass, PostgreSQL doesn't. */
final class Utf8 {

    /** How many bytes the JSON parser looks at to guess UTF-16 or UTF-32, which we don't take. */
    private static final int GUESSED_BYTES = 4;

    /** What is decoded isn't kept: a body may be large. */
    private static final int SCRAP_CHARS = 8192;

    private Utf8() {}

    /** Whether a text begins as one in UTF-16 or UTF-32 does. */
    static boolean isOtherUnicode(byte[] text) {
        if (text.length >= 2 && (text[0] & text[1] & 0xFF) >= 0xFE && text[0] != text[1]) {
            return true;
        }
        for (int i = 0; i < Math.min(text.length, GUESSED_BYTES); i++) {
            if (text[i] == 0) {
                return true;
            }
        }
        return false;
    }

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
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer source = ByteBuffer.wrap(bytes, from, to - from);
        CharBuffer scrap = CharBuffer.allocate(Math.min(to - from, SCRAP_CHARS));
        CoderResult result;
        do {
            scrap.clear();
            result = decoder.decode(source, scrap, true);
        } while (result.isOverflow());
        return !result.isError();
    }
}
