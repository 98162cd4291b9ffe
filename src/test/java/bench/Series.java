package bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** One line of the result: the same thing measured several times. */
final class Series {

    private final String name;
    private final String unit;
    private final List<Double> values = new ArrayList<>();
    private final List<Meter.Cost> costs = new ArrayList<>();
    private String comparison = "";

    Series(String name, String unit) {
        this.name = name;
        this.unit = unit;
    }

    void add(double value, Meter.Cost cost) {
        values.add(value);
        costs.add(cost);
    }

    void add(double value) {
        add(value, Meter.Cost.UNKNOWN);
    }

    /** @param yardstick what it is compared with, e.g. {@code COPY} */
    Series compare(double ratio, String yardstick) {
        comparison = String.format(Locale.ROOT, "%.2f of %s", ratio, yardstick);
        return this;
    }

    String name() {
        return name;
    }

    String unit() {
        return unit;
    }

    String comparison() {
        return comparison;
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    double median() {
        return median(values);
    }

    double lowest() {
        return values.stream().min(Double::compare).orElse(Double.NaN);
    }

    double highest() {
        return values.stream().max(Double::compare).orElse(Double.NaN);
    }

    /** The median of one of the costs. */
    double cost(ToDoubleFunction<Meter.Cost> which) {
        return median(costs.stream().map(which::applyAsDouble).toList());
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
