package logaggregator.query;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the query parameters of an endpoint; any other is refused, since a mistyped filter must not match everything. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface KnownParameters {

    String[] value();

    /** Whether those of {@link LogParameters} are known as well. */
    boolean logFilter() default false;
}
