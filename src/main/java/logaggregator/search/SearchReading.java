package logaggregator.search;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import logaggregator.Level;
import logaggregator.search.Expression.Metadata;
import logaggregator.search.Expression.Not;
import logaggregator.search.Expression.NumberField;
import logaggregator.search.Expression.TextField;
import logaggregator.search.Expression.TimeField;
import org.apache.lucene.queryparser.flexible.core.nodes.BooleanQueryNode;
import org.apache.lucene.queryparser.flexible.core.nodes.FieldQueryNode;
import org.apache.lucene.queryparser.flexible.core.nodes.FuzzyQueryNode;
import org.apache.lucene.queryparser.flexible.core.nodes.GroupQueryNode;
import org.apache.lucene.queryparser.flexible.core.nodes.ModifierQueryNode;
import org.apache.lucene.queryparser.flexible.core.nodes.OrQueryNode;
import org.apache.lucene.queryparser.flexible.core.nodes.QueryNode;
import org.apache.lucene.queryparser.flexible.core.nodes.QuotedFieldQueryNode;
import org.apache.lucene.queryparser.flexible.core.util.UnescapedCharSequence;
import org.apache.lucene.queryparser.flexible.standard.nodes.TermRangeQueryNode;
import org.jspecify.annotations.Nullable;

/** Turns what the parser has read of one search into an {@link Expression}. Used once. */
final class SearchReading {

    private static final int MAX_TERMS = 200;
    private static final String METADATA = "metadata_";
    private static final String FIELDS =
            "message, level, service, app, app_id, id, timestamp, received_at, metadata_.<key>";
    private static final Pattern DAY = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");

    private static final String MESSAGE = SearchParser.MESSAGE;

    private final @Nullable Instant now;
    private int terms;

    /** @param now what times are relative to; null when none may be */
    SearchReading(@Nullable Instant now) {
        this.now = now;
    }

    Expression convert(QueryNode node) {
        if (++terms > MAX_TERMS) {
            throw new InvalidSearchException(0, "it has more than " + MAX_TERMS + " terms");
        }
        if (node instanceof TermRangeQueryNode range) {
            return range(range);
        }
        if (node instanceof FuzzyQueryNode fuzzy) {
            throw unsupported(fuzzy.getBegin(), "~");
        }
        if (node instanceof FieldQueryNode term) {
            return term(term);
        }
        if (node instanceof ModifierQueryNode modifier) {
            Expression child = convert(modifier.getChild());
            return modifier.getModifier() == ModifierQueryNode.Modifier.MOD_NOT ? new Not(child) : child;
        }
        if (node instanceof GroupQueryNode group) {
            return convert(group.getChild());
        }
        if (node instanceof OrQueryNode) {
            return Expression.or(children(node));
        }
        if (node instanceof BooleanQueryNode) {
            return Expression.and(children(node));
        }
        throw unsupported(0, "/regular expressions/, ~, ^, @ and fn:");
    }

    private List<Expression> children(QueryNode node) {
        return node.getChildren().stream().map(this::convert).toList();
    }

    private Expression term(FieldQueryNode term) {
        String field = String.valueOf(term.getField());
        boolean quoted = term instanceof QuotedFieldQueryNode;
        if (term.getTextAsString().indexOf('\0') >= 0 || field.indexOf('\0') >= 0) {
            throw new InvalidSearchException(term.getBegin() + 1, "no log holds NUL");
        }
        Glob value = quoted ? Glob.literal(term.getTextAsString()) : glob(term.getText());
        if (field.equals(MESSAGE)) {
            return value.isAny() ? Expression.ALL : new Expression.InMessage(value);
        }
        if (field.equals("*") && value.isAny()) {
            return Expression.ALL;
        }
        if (field.startsWith(METADATA + ".")) {
            return new Metadata(path(term), condition(value, quoted));
        }
        switch (field) {
            case "level", "service", "app" -> {
                TextField name = TextField.valueOf(field.toUpperCase(Locale.ROOT));
                return new Expression.Text(name, name == TextField.LEVEL ? level(value) : value);
            }
            case "id", "app_id" -> {
                return new Expression.Number(numberField(field), Interval.only(integer(term)));
            }
            case "timestamp", "received_at" -> {
                Instant time = time(term);
                boolean day = DAY.matcher(term.getTextAsString()).matches();
                return new Expression.Time(
                        timeField(field),
                        day ? Interval.from(time, time.plus(Duration.ofDays(1))) : Interval.only(time));
            }
            default -> throw unknownField(term);
        }
    }

    private static Glob level(Glob value) {
        return value.isLiteral()
                ? Glob.literal(Level.normalize(value.literal()))
                : Glob.of(value.toString().toUpperCase(Locale.ROOT));
    }

    private static Expression.Condition condition(Glob value, boolean quoted) {
        if (quoted || value.isLiteral()) {
            return new Expression.Equal(value.literal(), quoted);
        }
        return value.isAny() ? new Expression.Exists() : new Expression.Like(value);
    }

    private Expression range(TermRangeQueryNode range) {
        FieldQueryNode low = range.getLowerBound();
        FieldQueryNode high = range.getUpperBound();
        String field = String.valueOf(range.getField());
        if (field.startsWith(METADATA + ".")) {
            if ((field + low.getTextAsString() + high.getTextAsString()).indexOf('\0') >= 0) {
                throw new InvalidSearchException(low.getBegin() + 1, "no log holds NUL");
            }
            return new Metadata(path(low), within(range));
        }
        return switch (field) {
            case "id", "app_id" ->
                new Expression.Number(
                        numberField(field),
                        interval(range, isOpen(low) ? null : integer(low), isOpen(high) ? null : integer(high)));
            case "timestamp", "received_at" ->
                new Expression.Time(
                        timeField(field),
                        interval(range, isOpen(low) ? null : time(low), isOpen(high) ? null : time(high)));
            case MESSAGE, "level", "service", "app" ->
                throw new InvalidSearchException(low.getBegin() + 1, field + " can't be searched by a range");
            default -> throw unknownField(low);
        };
    }

    private static Expression.Condition within(TermRangeQueryNode range) {
        @Nullable
        String low =
                isOpen(range.getLowerBound()) ? null : range.getLowerBound().getTextAsString();
        @Nullable
        String high =
                isOpen(range.getUpperBound()) ? null : range.getUpperBound().getTextAsString();
        boolean numbers = (low == null || Expression.Equal.isNumber(low))
                && (high == null || Expression.Equal.isNumber(high))
                && !(low == null && high == null);
        return numbers
                ? new Expression.NumberWithin(interval(
                        range, low == null ? null : new BigDecimal(low), high == null ? null : new BigDecimal(high)))
                : new Expression.TextWithin(interval(range, low, high));
    }

    private static <T> Interval<T> interval(TermRangeQueryNode range, @Nullable T low, @Nullable T high) {
        return new Interval<>(low, range.isLowerInclusive(), high, range.isUpperInclusive());
    }

    private static boolean isOpen(FieldQueryNode bound) {
        return bound.getTextAsString().equals("*");
    }

    /** The keys of the path; a dot that was escaped belongs to a key. */
    private static List<String> path(FieldQueryNode term) {
        CharSequence field = term.getField();
        List<String> path = new ArrayList<>();
        StringBuilder key = new StringBuilder();
        for (int i = METADATA.length() + 1; i <= field.length(); i++) {
            if (i < field.length() && (field.charAt(i) != '.' || wasEscaped(field, i))) {
                key.append(field.charAt(i));
            } else if (key.isEmpty()) {
                throw new InvalidSearchException(
                        term.getBegin() + 1, METADATA + " must be followed by keys with dots between them");
            } else {
                path.add(key.toString());
                key.setLength(0);
            }
        }
        return path;
    }

    private static boolean wasEscaped(CharSequence text, int index) {
        return text instanceof UnescapedCharSequence unescaped && unescaped.wasEscaped(index);
    }

    private static long integer(FieldQueryNode term) {
        try {
            return Long.parseLong(term.getTextAsString());
        } catch (NumberFormatException e) {
            throw new InvalidSearchException(term.getBegin() + 1, term.getFieldAsString() + " must be an integer");
        }
    }

    private Instant time(FieldQueryNode term) {
        String text = term.getTextAsString();
        if (now == null && TimeText.isRelative(text)) {
            throw new InvalidSearchException(
                    term.getBegin() + 1, term.getFieldAsString() + " can't be relative to now here: " + text);
        }
        try {
            return TimeText.parse(text, now == null ? Instant.EPOCH : now);
        } catch (DateTimeParseException e) {
            throw new InvalidSearchException(
                    term.getBegin() + 1, term.getFieldAsString() + " must be " + TimeText.EXPECTED);
        }
    }

    private static NumberField numberField(String field) {
        return NumberField.valueOf(field.toUpperCase(Locale.ROOT));
    }

    private static TimeField timeField(String field) {
        return TimeField.valueOf(field.toUpperCase(Locale.ROOT));
    }

    private static InvalidSearchException unknownField(FieldQueryNode term) {
        return new InvalidSearchException(
                term.getBegin() + 1, "there is no field " + term.getFieldAsString() + "; there are " + FIELDS);
    }

    private static InvalidSearchException unsupported(int begin, String what) {
        return new InvalidSearchException(begin == 0 ? 0 : begin + 1, "there is no search by " + what + " here");
    }

    /** What was escaped is no wildcard. */
    private static Glob glob(CharSequence text) {
        StringBuilder glob = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (wasEscaped(text, i) || c == '\\' && text instanceof UnescapedCharSequence) {
                Glob.appendLiterally(glob, c);
            } else {
                glob.append(c);
            }
        }
        return Glob.of(glob.toString());
    }
}
