package logaggregator.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A counter for each value of a label, for the first values that come: those beyond count together, so that nobody can make up as
 * many series as he likes. Thread-safe.
 */
final class LabelledCounter {

    static final int MOST = 100;
    static final String OTHERS = "(others)";

    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final MeterRegistry registry;
    private final String name;
    private final String description;
    private final String label;
    private final String[] moreLabels;
    private final Counter others;

    LabelledCounter(MeterRegistry registry, String name, String description, String label, String... moreLabels) {
        this.registry = registry;
        this.name = name;
        this.description = description;
        this.label = label;
        this.moreLabels = moreLabels;
        this.others = counter(OTHERS);
    }

    /** Has a value show from now on, though nothing was counted: the first that is counted then shows as an increase. */
    void expect(String value) {
        add(value, 0);
    }

    void add(String value, double count) {
        Counter counter = counters.get(value);
        if (counter == null) {
            counter = counters.size() < MOST ? counters.computeIfAbsent(value, this::counter) : others;
        }
        counter.increment(count);
    }

    private Counter counter(String value) {
        return Counter.builder(name)
                .description(description)
                .tag(label, value.replaceAll("\\p{Cntrl}", "·"))
                .tags(moreLabels)
                .register(registry);
    }
}
