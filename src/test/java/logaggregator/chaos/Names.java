package logaggregator.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Records that have names and were sent lately, to be sent again. Thread-safe. */
final class Names {

    private static final int KEPT = 1_000;

    private final List<Integer> numbers = new ArrayList<>();

    synchronized void add(int number, Random random) {
        if (numbers.size() < KEPT) {
            numbers.add(number);
        } else {
            numbers.set(random.nextInt(KEPT), number);
        }
    }

    /** At most so many, perhaps one twice. */
    synchronized List<Integer> some(int count, Random random) {
        return numbers.isEmpty()
                ? List.of()
                : random.ints(count, 0, numbers.size()).mapToObj(numbers::get).toList();
    }

    synchronized void clear() {
        numbers.clear();
    }
}
