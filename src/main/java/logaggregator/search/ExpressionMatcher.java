package logaggregator.search;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import logaggregator.search.Expression.And;
import logaggregator.search.Expression.Condition;
import logaggregator.search.Expression.Equal;
import logaggregator.search.Expression.Exists;
import logaggregator.search.Expression.InMessage;
import logaggregator.search.Expression.Like;
import logaggregator.search.Expression.Metadata;
import logaggregator.search.Expression.Not;
import logaggregator.search.Expression.Number;
import logaggregator.search.Expression.NumberField;
import logaggregator.search.Expression.NumberWithin;
import logaggregator.search.Expression.Or;
import logaggregator.search.Expression.Text;
import logaggregator.search.Expression.TextWithin;
import logaggregator.search.Expression.Time;
import logaggregator.search.Expression.TimeField;

/** Tells whether one log is what a search asks for, as the database would. Used for one log. */
public final class ExpressionMatcher implements Expression.Visitor<Boolean> {

    private static final Comparator<String> CODE_POINTS = (one, other) ->
            Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray());

    private final SearchedLog log;

    private ExpressionMatcher(SearchedLog log) {
        this.log = log;
    }

    public static boolean matches(Expression expression, SearchedLog log) {
        return expression.accept(new ExpressionMatcher(log));
    }

    @Override
    public Boolean and(And and) {
        return and.parts().stream().allMatch(part -> part.accept(this));
    }

    @Override
    public Boolean or(Or or) {
        return or.parts().stream().anyMatch(part -> part.accept(this));
    }

    @Override
    public Boolean not(Not not) {
        return !not.part().accept(this);
    }

    @Override
    public Boolean inMessage(InMessage inMessage) {
        return inMessage.part().isFoundIn(log.message());
    }

    @Override
    public Boolean text(Text text) {
        return text.value()
                .matches(
                        switch (text.field()) {
                            case LEVEL -> log.level();
                            case SERVICE -> log.service();
                            case APP -> log.app();
                        });
    }

    @Override
    public Boolean number(Number number) {
        long value = number.field() == NumberField.ID ? log.id() : log.appId();
        return number.range().contains(value, Comparator.naturalOrder());
    }

    @Override
    public Boolean time(Time time) {
        Instant value = time.field() == TimeField.TIMESTAMP ? log.timestamp() : log.receivedAt();
        return time.range().contains(value, Comparator.naturalOrder());
    }

    @Override
    public Boolean metadata(Metadata metadata) {
        List<JsonNode> found = List.of(log.metadata());
        for (String key : metadata.path()) {
            found = step(found, key);
        }
        if (metadata.condition() instanceof Exists) {
            return !found.isEmpty();
        }
        // the filter looks into an array, and so does each comparison, unless it asks for the type first
        boolean asksForType =
                metadata.condition() instanceof NumberWithin || metadata.condition() instanceof TextWithin;
        return found.stream()
                .flatMap(value -> elements(value).stream())
                .flatMap(value -> asksForType ? Stream.of(value) : elements(value).stream())
                .anyMatch(value -> is(value, metadata.condition()));
    }

    private static List<JsonNode> step(List<JsonNode> from, String key) {
        List<JsonNode> to = new ArrayList<>();
        for (JsonNode value : from) {
            for (JsonNode element : elements(value)) {
                if (element.has(key)) {
                    to.add(element.get(key));
                }
            }
        }
        return to;
    }

    /** Of an array, one level deep; of anything else, itself. */
    private static List<JsonNode> elements(JsonNode value) {
        List<JsonNode> elements = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(elements::add);
        } else {
            elements.add(value);
        }
        return elements;
    }

    private static boolean is(JsonNode value, Condition condition) {
        if (condition instanceof Equal equal) {
            return value.isTextual()
                    ? value.textValue().equals(equal.value())
                    : !equal.textOnly() && value.isValueNode() && isWritten(value, equal);
        }
        if (condition instanceof Like like) {
            return value.isTextual() && like.value().matches(value.textValue());
        }
        if (condition instanceof NumberWithin within) {
            return value.isNumber() && within.range().contains(value.decimalValue(), Comparator.naturalOrder());
        }
        return condition instanceof TextWithin text
                && value.isTextual()
                && text.range().contains(value.textValue(), CODE_POINTS);
    }

    private static boolean isWritten(JsonNode value, Equal equal) {
        return value.isNumber()
                ? equal.number()
                        .filter(number -> number.compareTo(value.decimalValue()) == 0)
                        .isPresent()
                : value.asText().equals(equal.value());
    }
}
