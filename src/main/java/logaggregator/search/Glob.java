package logaggregator.search;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;

/** Text with wildcards: {@code *} stands for any characters, {@code ?} for one; a backslash takes the next literally. */
public final class Glob {

    private static final char ESCAPE = '\\';
    private static final int ANY = -1;
    private static final int ONE = -2;

    private final String text;

    private Glob(String text) {
        this.text = text;
    }

    /** @param text in which {@code *}, {@code ?} and {@code \} have their meaning */
    public static Glob of(String text) {
        return new Glob(text);
    }

    /** Text without wildcards. */
    public static Glob literal(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            appendLiterally(escaped, text.charAt(i));
        }
        return new Glob(escaped.toString());
    }

    static void appendLiterally(StringBuilder glob, char c) {
        if (c == '*' || c == '?' || c == ESCAPE) {
            glob.append(ESCAPE);
        }
        glob.append(c);
    }

    /** How the parts of a pattern are written in another language. */
    private record Translation(String any, String one, Function<Character, String> literally) {}

    private static final Translation LITERAL = new Translation("*", "?", String::valueOf);

    private static final Translation LIKE =
            new Translation("%", "_", c -> c == '%' || c == '_' || c == ESCAPE ? "\\" + c : String.valueOf(c));

    private static final Translation REGEX = new Translation(
            ".*", ".", c -> c > '~' || c <= ' ' || Character.isLetterOrDigit(c) ? String.valueOf(c) : "\\" + c);

    private String translate(Translation to) {
        StringBuilder translated = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ESCAPE && i + 1 < text.length()) {
                i++;
                translated.append(to.literally().apply(text.charAt(i)));
            } else if (c == '*') {
                translated.append(to.any());
            } else if (c == '?') {
                translated.append(to.one());
            } else {
                translated.append(to.literally().apply(c));
            }
        }
        return translated.toString();
    }

    /** Whether it matches one text only, {@link #literal()}. */
    public boolean isLiteral() {
        return text.equals(literal(literal()).text);
    }

    /** Whether it matches every text. */
    public boolean isAny() {
        return !text.isEmpty() && text.chars().allMatch(c -> c == '*');
    }

    /** The text itself, without the escapes. */
    public String literal() {
        return translate(LITERAL);
    }

    /** As a pattern of SQL's LIKE, with a backslash as the escape character. */
    public String toLike() {
        return translate(LIKE);
    }

    /** As a regular expression that means the same to Java and to PostgreSQL; a dot must match a line break too. */
    public String toRegex() {
        return "^" + translate(REGEX) + "$";
    }

    /**
     * Whether a whole text matches. Not by a regular expression, which would try each way to divide a text among many
     * stars: here what one star took is never given back once a later star is reached.
     */
    boolean matches(String whole) {
        int[] pattern = symbols();
        int[] characters = whole.codePoints().toArray();
        int next = 0;
        int star = -1;
        int taken = 0;
        int i = 0;
        while (i < characters.length) {
            if (next < pattern.length && pattern[next] == ANY) {
                star = next++;
                taken = i;
            } else if (next < pattern.length && (pattern[next] == ONE || pattern[next] == characters[i])) {
                next++;
                i++;
            } else if (star >= 0) {
                next = star + 1;
                i = ++taken;
            } else {
                return false;
            }
        }
        return Arrays.stream(pattern, next, pattern.length).allMatch(symbol -> symbol == ANY);
    }

    /** Its characters, {@link #ANY} and {@link #ONE}. */
    private int[] symbols() {
        int[] codes = text.codePoints().toArray();
        int[] symbols = new int[codes.length];
        int count = 0;
        for (int i = 0; i < codes.length; i++) {
            boolean escaped = codes[i] == ESCAPE && i + 1 < codes.length;
            int code = escaped ? codes[++i] : codes[i];
            symbols[count++] = escaped ? code : code == '*' ? ANY : code == '?' ? ONE : code;
        }
        return Arrays.copyOf(symbols, count);
    }

    /** Whether some part of a text matches, in upper or lower case. */
    boolean isFoundIn(String whole) {
        return Glob.of("*" + text.toLowerCase(Locale.ROOT) + "*").matches(whole.toLowerCase(Locale.ROOT));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Glob glob && glob.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
