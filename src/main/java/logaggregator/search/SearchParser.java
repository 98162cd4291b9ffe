package logaggregator.search;

import java.time.Clock;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.queryparser.flexible.core.QueryNodeParseException;
import org.apache.lucene.queryparser.flexible.core.nodes.QueryNode;
import org.apache.lucene.queryparser.flexible.standard.parser.ParseException;
import org.apache.lucene.queryparser.flexible.standard.parser.StandardSyntaxParser;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads searches in the syntax of Lucene. Words stand for parts of the message; what follows one another without an
 * operator must all be there. Thread-safe.
 *
 * @see <a href="https://lucene.apache.org/core/9_12_0/queryparser/org/apache/lucene/queryparser/flexible/standard/StandardQueryParser.html">syntax</a>
 */
@Component
public class SearchParser {

    /** Longest search, in characters. */
    public static final int MAX_LENGTH = 2_000;

    private static final int MAX_NESTING = 50;

    static final String MESSAGE = "message";

    private static final Pattern COLUMN = Pattern.compile("column (\\d+)");

    private final Clock clock;

    public SearchParser(Clock clock) {
        this.clock = clock;
    }

    /**
     * Reads a search; one that is blank matches every log.
     *
     * @throws InvalidSearchException when it can't be understood
     */
    public Expression parse(String search) {
        return parse(search, clock.instant());
    }

    /**
     * Reads a search that is to be made again and again: as {@link #parse}, but a time that is relative to now would stay what
     * it was at first.
     *
     * @throws InvalidSearchException when it can't be understood, or has such a time
     */
    public Expression parseTimeless(String search) {
        return parse(search, null);
    }

    private static Expression parse(String search, @Nullable Instant now) {
        if (search.isBlank()) {
            return Expression.ALL;
        }
        if (search.length() > MAX_LENGTH) {
            throw new InvalidSearchException(0, "it is longer than " + MAX_LENGTH + " characters");
        }
        checkNesting(search);
        try {
            QueryNode node = new StandardSyntaxParser().parse(search.replaceAll("\\s", " "), MESSAGE);
            return new SearchReading(now).convert(node);
        } catch (QueryNodeParseException e) {
            throw new InvalidSearchException(position(e), "it is not a search in the syntax of Lucene");
        }
    }

    /** The parser calls itself for each. */
    private static void checkNesting(String search) {
        int depth = 0;
        for (int i = 0; i < search.length(); i++) {
            depth += search.charAt(i) == '(' ? 1 : search.charAt(i) == ')' ? -1 : 0;
            if (depth > MAX_NESTING) {
                throw new InvalidSearchException(i + 1, "more than " + MAX_NESTING + " parentheses in each other");
            }
        }
    }

    private static int position(QueryNodeParseException e) {
        if (e instanceof ParseException syntax && syntax.currentToken != null) {
            return syntax.currentToken.next.beginColumn + 1; // it counts from 0
        }
        Matcher column = COLUMN.matcher(String.valueOf(e.getMessage()));
        return column.find() ? Integer.parseInt(column.group(1)) : 0;
    }
}
