package logaggregator.support;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Finds texts that follow each other in a stream of bytes, also when they lie across two reads (Knuth, Morris and Pratt).
 * Used by one thread.
 */
final class StreamMatcher {

    private final List<byte[]> texts;
    private int current;
    private int[] fallback;
    private int matched;

    StreamMatcher(List<String> texts) {
        this.texts = texts.stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        this.fallback = fallback(this.texts.get(0));
    }

    /** True when the last text ends within these bytes, and the others came before it. */
    boolean endsIn(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            byte[] text = texts.get(current);
            while (matched > 0 && bytes[i] != text[matched]) {
                matched = fallback[matched - 1];
            }
            if (bytes[i] == text[matched]) {
                matched++;
            }
            if (matched < text.length) {
                continue;
            }
            matched = 0;
            if (current == texts.size() - 1) {
                return true;
            }
            current++;
            fallback = fallback(texts.get(current));
        }
        return false;
    }

    private static int[] fallback(byte[] text) {
        int[] fallback = new int[text.length];
        for (int i = 1, length = 0; i < text.length; i++) {
            while (length > 0 && text[i] != text[length]) {
                length = fallback[length - 1];
            }
            if (text[i] == text[length]) {
                length++;
            }
            fallback[i] = length;
        }
        return fallback;
    }
}
