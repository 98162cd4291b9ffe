package logaggregator.store.postgres;

import java.util.Set;
import logaggregator.search.Expression;
import logaggregator.search.Expression.TextField;

/** Tells whether a condition can be decided from numbers of logs that are kept by these fields. */
record Countable(Set<TextField> fields) implements Expression.Visitor<Boolean> {

    @Override
    public Boolean and(Expression.And and) {
        return and.parts().stream().allMatch(part -> part.accept(this));
    }

    @Override
    public Boolean or(Expression.Or or) {
        return or.parts().stream().allMatch(part -> part.accept(this));
    }

    @Override
    public Boolean not(Expression.Not not) {
        return not.part().accept(this);
    }

    @Override
    public Boolean inMessage(Expression.InMessage inMessage) {
        return false;
    }

    @Override
    public Boolean text(Expression.Text text) {
        return fields.contains(text.field());
    }

    @Override
    public Boolean number(Expression.Number number) {
        return number.field() == Expression.NumberField.APP_ID && fields.contains(TextField.APP);
    }

    @Override
    public Boolean time(Expression.Time time) {
        return false;
    }

    @Override
    public Boolean metadata(Expression.Metadata metadata) {
        return false;
    }
}
