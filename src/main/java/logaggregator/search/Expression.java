package logaggregator.search;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What logs must be like to be found. Immutable. */
public sealed interface Expression {

    Expression ALL = new And(List.of());

    <R> R accept(Visitor<R> visitor);

    /** Does something for each kind of expression. */
    interface Visitor<R> {
        R and(And and);

        R or(Or or);

        R not(Not not);

        R inMessage(InMessage inMessage);

        R text(Text text);

        R number(Number number);

        R time(Time time);

        R metadata(Metadata metadata);
    }

    /** All of them; with none, every log matches. */
    record And(List<Expression> parts) implements Expression {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.and(this);
        }
    }

    /** At least one of them. */
    record Or(List<Expression> parts) implements Expression {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.or(this);
        }
    }

    record Not(Expression part) implements Expression {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.not(this);
        }
    }

    /** The message has such a part, in upper or lower case. */
    record InMessage(Glob part) implements Expression {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.inMessage(this);
        }
    }

    enum TextField {
        LEVEL,
        SERVICE,
        APP
    }

    record Text(TextField field, Glob value) implements Expression {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.text(this);
        }
    }

    enum NumberField {
        ID,
        APP_ID
    }

    record Number(NumberField field, Interval<Long> range) implements Expression {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.number(this);
        }
    }

    enum TimeField {
        TIMESTAMP,
        RECEIVED_AT
    }

    record Time(TimeField field, Interval<Instant> range) implements Expression {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.time(this);
        }
    }

    /**
     * A value of the metadata, or an element of it when it is an array, is such.
     *
     * @param path the keys that lead to it, at least one; an array on the way stands for each of its elements
     */
    record Metadata(List<String> path, Condition condition) implements Expression {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.metadata(this);
        }
    }

    /** What a value in JSON must be like. */
    sealed interface Condition {}

    /** There is one, be it null. */
    record Exists() implements Condition {}

    /**
     * It is this text or, unless {@code textOnly}, the number, boolean or null that is written so.
     */
    record Equal(String value, boolean textOnly) implements Condition {

        private static final Pattern NUMBER = Pattern.compile("-?\\d{1,30}(?:\\.\\d{1,30})?(?:[eE][+-]?\\d{1,2})?");

        /** The number that is written so, if it is one. */
        public Optional<BigDecimal> number() {
            return isNumber(value) ? Optional.of(new BigDecimal(value)) : Optional.empty();
        }

        static boolean isNumber(String text) {
            return NUMBER.matcher(text).matches();
        }
    }

    /** It is such a text. */
    record Like(Glob value) implements Condition {}

    record NumberWithin(Interval<BigDecimal> range) implements Condition {}

    /** In the order of the code points. */
    record TextWithin(Interval<String> range) implements Condition {}

    static Expression and(List<Expression> parts) {
        return parts.size() == 1 ? parts.get(0) : new And(List.copyOf(parts));
    }

    static Expression or(List<Expression> parts) {
        return parts.size() == 1 ? parts.get(0) : new Or(List.copyOf(parts));
    }
}
