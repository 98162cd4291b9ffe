package logaggregator.search;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What lies between two bounds.
 *
 * @param low null for no bound
 * @param includesLow whether the bound itself belongs to it
 * @param high null for no bound
 * @param includesHigh whether the bound itself belongs to it
 */
public record Interval<T>(
        @Nullable T low, boolean includesLow, @Nullable T high, boolean includesHigh) {

    public static <T> Interval<T> only(T value) {
        return new Interval<>(value, true, value, true);
    }

    /** From a bound, which belongs to it, up to another, which doesn't. */
    public static <T> Interval<T> from(@Nullable T start, @Nullable T end) {
        return new Interval<>(start, true, end, false);
    }

    boolean contains(T value, Comparator<? super T> order) {
        int aboveLow = low == null ? 1 : order.compare(value, low);
        int belowHigh = high == null ? -1 : order.compare(value, high);
        return (aboveLow > 0 || includesLow && aboveLow == 0) && (belowHigh < 0 || includesHigh && belowHigh == 0);
    }
}
