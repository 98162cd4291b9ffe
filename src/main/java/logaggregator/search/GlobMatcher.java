package logaggregator.search;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds out whether texts match a pattern. It follows all ways to match at once, each a bit (Shift-And): so the time depends on
 * how long the text and the pattern are, and on nothing that either is made of. Immutable.
 */
final class GlobMatcher {

    /** In a pattern: any characters. */
    static final int ANY = -1;

    /** In a pattern: any one character. */
    static final int ONE = -2;

    /** How many characters a whole match reaches past, without what the stars stand for. */
    private final int length;

    /** For a character: which lengths may be reached with it as the last. */
    private final Map<Integer, long[]> reachable = new HashMap<>();

    private final long[] reachableWithAny;

    /** The lengths that a star follows: they stay reached whatever comes. */
    private final long[] staying;

    /** @param pattern code points, {@link #ANY} and {@link #ONE} */
    GlobMatcher(int[] pattern) {
        this.length =
                (int) Arrays.stream(pattern).filter(symbol -> symbol != ANY).count();
        this.reachableWithAny = new long[length / Long.SIZE + 1];
        this.staying = new long[length / Long.SIZE + 1];
        int at = 0;
        for (int symbol : pattern) {
            at += symbol == ANY ? 0 : 1;
            if (symbol < 0) {
                set(symbol == ANY ? staying : reachableWithAny, at);
            }
        }
        at = 0;
        for (int symbol : pattern) {
            at += symbol == ANY ? 0 : 1;
            if (symbol >= 0) {
                set(reachable.computeIfAbsent(symbol, unused -> reachableWithAny.clone()), at);
            }
        }
    }

    /** Whether the whole text matches. */
    boolean matches(String text) {
        long[] reached = new long[staying.length];
        set(reached, 0);
        boolean isOpenEnded = isSet(staying, length);
        int i = 0;
        while (i < text.length() && !(isOpenEnded && isSet(reached, length))) {
            int character = text.codePointAt(i);
            if (!advance(reached, reachable.getOrDefault(character, reachableWithAny))) {
                return false;
            }
            i += Character.charCount(character);
        }
        return isSet(reached, length);
    }

    /** Goes one character on; returns whether a match is possible still. */
    private boolean advance(long[] reached, long[] next) {
        long carry = 0;
        long any = 0;
        for (int word = 0; word < reached.length; word++) {
            long before = reached[word];
            reached[word] = ((before << 1 | carry) & next[word]) | (before & staying[word]);
            carry = before >>> (Long.SIZE - 1);
            any |= reached[word];
        }
        return any != 0;
    }

    private static void set(long[] bits, int index) {
        bits[index / Long.SIZE] |= 1L << index;
    }

    private static boolean isSet(long[] bits, int index) {
        return (bits[index / Long.SIZE] & 1L << index) != 0;
    }
}
