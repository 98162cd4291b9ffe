package logaggregator.support;

/** Finds a text in a stream of bytes, also when it lies across two reads (Knuth, Morris and Pratt). Used by one thread. */
final class StreamMatcher {

    private final byte[] text;
    private final int[] fallback;
    private int matched;

    StreamMatcher(byte[] text) {
        this.text = text;
        this.fallback = new int[text.length];
        for (int i = 1, length = 0; i < text.length; i++) {
            while (length > 0 && text[i] != text[length]) {
                length = fallback[length - 1];
            }
            if (text[i] == text[length]) {
                length++;
            }
            fallback[i] = length;
        }
    }

    /** True when the text ends within these bytes. */
    boolean endsIn(byte[] bytes, int count) {
        boolean found = false;
        for (int i = 0; i < count; i++) {
            while (matched > 0 && bytes[i] != text[matched]) {
                matched = fallback[matched - 1];
            }
            if (bytes[i] == text[matched]) {
                matched++;
            }
            if (matched == text.length) {
                found = true;
                matched = fallback[matched - 1];
            }
        }
        return found;
    }
}
