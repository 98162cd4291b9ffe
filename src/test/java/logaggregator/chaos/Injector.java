package logaggregator.chaos;

import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Breaks and mends at points that a seed decides, sometimes several things at once, and keeps a log of it. */
final class Injector {

    private static final int SHORTEST_GAP_MS = 500;
    private static final int LONGEST_GAP_MS = 5_500;
    private static final int ATTEMPTS = 3;

    private final List<List<Fault>> groups;
    private final List<String> names;
    private final int[] runs;
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<Fault> active = new ArrayList<>();
    private final Set<String> broken = new HashSet<>();
    private final List<String> brokenPromises = new CopyOnWriteArrayList<>();
    private volatile int current;
    private volatile String failure = "";

    /** @param groups of faults: each group breaks as often as each other */
    Injector(List<List<Fault>> groups) {
        this.groups = groups;
        this.names = groups.stream().flatMap(Injector::names).toList();
        this.runs = new int[names.size() + 1];
    }

    /** One point of a plan: after a gap something is broken for a while. */
    record Point(int gap, Fault fault, int duration) {}

    List<Point> plan(long seed, int seconds) {
        Random random = new Random(seed);
        List<Point> points = new ArrayList<>();
        int gaps = 0;
        while (gaps < seconds * 1_000) {
            int gap = random.nextInt(SHORTEST_GAP_MS, LONGEST_GAP_MS);
            List<Fault> group = any(groups, random);
            String name = any(names(group).toList(), random);
            Fault fault =
                    any(group.stream().filter(each -> each.name().equals(name)).toList(), random);
            points.add(new Point(gap, fault, random.nextInt(fault.shortest(), fault.longest() + 1)));
            gaps += gap;
        }
        return points;
    }

    private static <T> T any(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }

    private static Stream<String> names(List<Fault> faults) {
        return faults.stream().map(Fault::name).distinct();
    }

    /** Goes through a plan; returns when all is mended. */
    void run(List<Point> plan) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (Point point : plan) {
            Pause.millis(point.gap());
            begin(point.fault());
            Thread thread = new Thread(() -> breakAndMend(point), point.fault().name());
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void breakAndMend(Point point) {
        Fault fault = point.fault();
        try {
            log.add(now() + " break " + fault + " for " + point.duration() + " ms");
            fault.inject().run();
            Pause.millis(point.duration());
        } catch (BrokenPromise e) {
            brokenPromises.add("BROKEN PROMISE under " + fault + ": " + e.getMessage());
        } catch (Exception e) {
            log.add(now() + " could not break " + fault + ": " + e);
        }
        mend(fault);
        end(fault);
    }

    private void mend(Fault fault) {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                fault.heal().run();
                log.add(now() + " mended " + fault);
                return;
            } catch (Exception e) {
                log.add(now() + " could not mend " + fault + ": " + e);
            }
        }
        failure = "could not mend " + fault;
    }

    private synchronized void begin(Fault fault) throws InterruptedException {
        while (fault.parts().stream().anyMatch(broken::contains)) {
            wait();
        }
        broken.addAll(fault.parts());
        active.add(fault);
        runs[number(fault)]++;
        current = number(fault);
    }

    private synchronized void end(Fault fault) {
        broken.removeAll(fault.parts());
        active.remove(fault);
        current = active.isEmpty() ? 0 : number(active.get(active.size() - 1));
        notifyAll();
    }

    private int number(Fault fault) {
        return names.indexOf(fault.name()) + 1;
    }

    /** The number of the fault that came last and is still there; 0 for none. */
    int current() {
        return current;
    }

    /** The name that belongs to a number. */
    String name(int number) {
        return number == 0 ? "none" : names.get(number - 1);
    }

    /** One more than the highest number. */
    int numbers() {
        return runs.length;
    }

    int runs(int number) {
        return runs[number];
    }

    int runs() {
        return Arrays.stream(runs).sum();
    }

    List<String> log() {
        return log;
    }

    /** What could not be mended; empty when all was. */
    String failure() {
        return failure;
    }

    /** What the service did wrong where a fault looked at it. */
    List<String> brokenPromises() {
        return brokenPromises;
    }

    private static String now() {
        return LocalTime.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
