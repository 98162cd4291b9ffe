package logaggregator.property;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What happens to some records on their way from the door to the store: which of them are bad, which travel together, how
 * often and in which order they are delivered, to whom, and where a worker dies. The same random numbers make the same
 * scenario.
 */
record Scenario(List<Parcel> parcels) {

    static final int APPS = 3;
    static final int WORKERS = 2;

    /** More, and more than half of a batch, are taken for a fault of the database. */
    private static final int MAX_REFUSED = 20;

    private static final int NEVER = Integer.MAX_VALUE;

    enum Kind {
        GOOD,
        /** Not JSON, or not UTF-8. */
        BROKEN,
        /** For the worker; the door's limit is larger. */
        TOO_LONG,
        UNKNOWN_APP,
        REFUSED_AS_TOO_LONG,
        REFUSED_BY_CHECK;

        boolean isRefusedByDatabase() {
            return this == REFUSED_AS_TOO_LONG || this == REFUSED_BY_CHECK;
        }
    }

    /**
     * One record.
     *
     * @param number tells it from all others
     * @param key of the producer; records of one application that share it are one; or null
     * @param byId names its application by id
     */
    record Line(int number, Kind kind, int app, String key, boolean byId, String text) {}

    /**
     * One request, or one queue entry of another producer.
     *
     * @param foreign put on the queue by another producer, as it is
     * @param recordsPerEntry how many records of a request go into one entry
     * @param copies how often each of its entries is put on the queue; each copy is an entry of its own
     */
    record Parcel(boolean foreign, int recordsPerEntry, int copies, List<Line> lines, List<Event> events) {

        boolean isAppendedDirectly() {
            return events.stream().anyMatch(Event::direct);
        }
    }

    /**
     * One delivery of one copy of a parcel, or its direct way into the store.
     *
     * @param moment orders the events of one worker
     * @param endsPoll what comes next is in another batch
     * @param diesAfter how many steps of the batch are done before the worker dies
     */
    record Event(boolean direct, int copy, int worker, int moment, boolean endsPoll, int diesAfter) {}

    static Scenario random(Random random) {
        List<Parcel> parcels = new ArrayList<>();
        int[] numbers = {0};
        int[] refused = {0};
        for (int n = 1 + random.nextInt(8); n > 0; n--) {
            parcels.add(parcel(random, numbers, refused));
        }
        return new Scenario(List.copyOf(parcels));
    }

    private static Parcel parcel(Random random, int[] numbers, int[] refused) {
        boolean foreign = random.nextInt(3) == 0;
        boolean direct = !foreign && random.nextInt(3) == 0;
        int copies = foreign ? 1 : (direct ? 0 : 1) + random.nextInt(2);
        List<Line> lines = new ArrayList<>();
        for (int n = random.nextInt(random.nextBoolean() ? 4 : 30); n >= 0; n--) {
            Kind kind = kind(random, direct);
            if (kind.isRefusedByDatabase() && ++refused[0] > MAX_REFUSED) {
                kind = Kind.GOOD;
            }
            String key = random.nextInt(3) == 0 ? "key" + random.nextInt(6) : null;
            lines.add(new Line(numbers[0]++, kind, random.nextInt(APPS), key, random.nextBoolean(), text(random)));
        }
        List<Event> events = new ArrayList<>();
        for (int copy = 0; copy < copies; copy++) {
            for (int n = random.nextInt(3); n >= 0; n--) {
                events.add(event(random, false, copy));
            }
        }
        for (int n = direct ? 1 + random.nextInt(2) : 0; n > 0; n--) {
            events.add(event(random, true, 0));
        }
        return new Parcel(foreign, 1 + random.nextInt(12), copies, List.copyOf(lines), List.copyOf(events));
    }

    /** What goes directly is decoded by the door alone, with its larger limit. */
    private static Kind kind(Random random, boolean direct) {
        if (random.nextInt(3) > 0) {
            return Kind.GOOD;
        }
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        return direct && kind == Kind.TOO_LONG ? Kind.UNKNOWN_APP : kind;
    }

    private static Event event(Random random, boolean direct, int copy) {
        return new Event(
                direct,
                copy,
                random.nextInt(WORKERS),
                random.nextInt(),
                random.nextInt(3) == 0,
                random.nextInt(3) == 0 ? random.nextInt(4) : NEVER);
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(8), 0x20, 0x2FFF)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    List<Line> lines() {
        return parcels.stream().flatMap(parcel -> parcel.lines().stream()).toList();
    }

    /** Smaller scenarios: parts of its parcels, or of the records or the events in one of them. */
    Stream<Scenario> smaller() {
        Stream<Scenario> fewer = parts(parcels).map(Scenario::new);
        Stream<Scenario> lighter = parcels.stream().flatMap(parcel -> Stream.concat(
                        parts(parcel.lines()).map(some -> with(parcel, some, parcel.events())),
                        parts(parcel.events()).map(some -> with(parcel, parcel.lines(), some)))
                .map(changed -> new Scenario(parcels.stream()
                        .map(other -> other == parcel ? changed : other)
                        .toList())));
        return Stream.concat(fewer, lighter);
    }

    private static Parcel with(Parcel parcel, List<Line> lines, List<Event> events) {
        return new Parcel(parcel.foreign(), parcel.recordsPerEntry(), parcel.copies(), lines, events);
    }

    /** Both halves and, of a short list, all but one. */
    private static <T> Stream<List<T>> parts(List<T> all) {
        if (all.size() < 2) {
            return Stream.empty();
        }
        int middle = all.size() / 2;
        Stream<List<T>> halves = Stream.of(all.subList(0, middle), all.subList(middle, all.size()));
        if (all.size() == 2 || all.size() > 8) {
            return halves;
        }
        return Stream.concat(halves, all.stream().map(one -> all.stream()
                .filter(other -> other != one)
                .toList()));
    }
}
