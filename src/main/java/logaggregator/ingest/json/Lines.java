package logaggregator.ingest.json;

/** Walks over the lines of a text that hold something, without the blanks around it; LF and CRLF end a line, the last one needs no end. */
final class Lines {

    private final byte[] bytes;
    private int next;
    private int start;
    private int end;
    private int count;

    Lines(byte[] bytes, int from) {
        this.bytes = bytes;
        this.next = from;
    }

    /** Moves to the next line that is not blank; false when there is none. */
    boolean next() {
        while (next < bytes.length) {
            start = next;
            end = start;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            next = end + 1;
            start = skipBlanks(bytes, start, end);
            while (end > start && isBlank(bytes[end - 1])) {
                end--;
            }
            if (start < end) {
                count++;
                return true;
            }
        }
        return false;
    }

    /** How many lines {@link #next()} has found so far. */
    int count() {
        return count;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /** Returns the first position from {@code from} on that holds no JSON white space, or {@code to} */
    static int skipBlanks(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && isBlank(bytes[i])) {
            i++;
        }
        return i;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }
}
