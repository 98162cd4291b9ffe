package logaggregator.search;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Text with wildcards: {@code *} stands for any characters, {@code ?} for one; a backslash takes the next literally. */
public final class Glob {

    private static final char ESCAPE = '\\';

    private final String text;

    /** Made when they are needed first. */
    private @Nullable GlobMatcher whole;

    private @Nullable GlobMatcher part;

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

    /** Whether a whole text matches. */
    boolean matches(String text) {
        GlobMatcher matcher = whole;
        if (matcher == null) {
            matcher = new GlobMatcher(symbols().toArray());
            whole = matcher;
        }
        return matcher.matches(text);
    }

    /** Whether some part of a text matches, in upper or lower case. */
    boolean isFoundIn(String text) {
        GlobMatcher matcher = part;
        if (matcher == null) {
            int[] any = {GlobMatcher.ANY};
            IntStream symbols = Glob.of(this.text.toLowerCase(Locale.ROOT)).symbols();
            matcher = new GlobMatcher(IntStream.concat(IntStream.concat(IntStream.of(any), symbols), IntStream.of(any))
                    .toArray());
            part = matcher;
        }
        return matcher.matches(text.toLowerCase(Locale.ROOT));
    }

    /** Its characters, {@link GlobMatcher#ANY} and {@link GlobMatcher#ONE}. */
    private IntStream symbols() {
        int[] codes = text.codePoints().toArray();
        int[] symbols = new int[codes.length];
        int count = 0;
        for (int i = 0; i < codes.length; i++) {
            boolean escaped = codes[i] == ESCAPE && i + 1 < codes.length;
            int code = escaped ? codes[++i] : codes[i];
            symbols[count++] = escaped ? code : code == '*' ? GlobMatcher.ANY : code == '?' ? GlobMatcher.ONE : code;
        }
        return Arrays.stream(symbols, 0, count);
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
