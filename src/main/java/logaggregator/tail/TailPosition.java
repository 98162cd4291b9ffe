package logaggregator.tail;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import logaggregator.EntryId;

/**
 * Up to where the queue was looked through.
 *
 * @param entry the last entry
 * @param line the last of its records, from 0; {@link #END} after all of them
 */
public record TailPosition(EntryId entry, int line) implements Comparable<TailPosition> {

    static final int END = Integer.MAX_VALUE;

    private static final Comparator<TailPosition> ORDER =
            Comparator.comparing(TailPosition::entry).thenComparing(TailPosition::line);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,19}-\\d{1,19})(?::(\\d{1,9}))?");

    static TailPosition after(String entry) {
        return new TailPosition(EntryId.parse(entry), END);
    }

    /** @throws IllegalArgumentException when the text isn't one of {@link #toString()} */
    public static TailPosition parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a position in the queue");
        }
        String line = parts.group(2);
        return new TailPosition(EntryId.parse(parts.group(1)), line == null ? END : Integer.parseInt(line));
    }

    /** The greatest id before the entry's. */
    String before() {
        long sequence = entry.sequence();
        return sequence == 0 && entry.millis() == 0
                ? entry.toString()
                : new EntryId(sequence == 0 ? entry.millis() - 1 : entry.millis(), sequence - 1).toString();
    }

    @Override
    public int compareTo(TailPosition other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return line == END ? entry.toString() : entry + ":" + line;
    }
}
