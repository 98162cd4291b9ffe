package logaggregator.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import logaggregator.support.Api;
import logaggregator.support.Api.Answer;

/**
 * Records that are sent together, fewer than one chunk takes.
 *
 * @param numbers of the records; with a key they are all new, else some may have been sent before
 * @param ack how long the answer is to wait
 */
record Request(List<Integer> numbers, String body, String[] headers, Ack ack) {

    private static final int MAX_RECORDS = 450;
    private static final int MAX_SMALL = 10;
    private static final int MAX_COPIES = 20;
    private static final int UNKNOWN_APPS_IN = 400;
    private static final int LATE_APPS_IN = 400;
    private static final int NAMED_IN = 10;

    enum Ack {
        ENQUEUED(""),
        RECEIPT("?ack=receipt"),
        STORED("?ack=stored");

        private final String parameter;

        Ack(String parameter) {
            this.parameter = parameter;
        }
    }

    /** Draws how many new records the next one has. */
    static int size(Random random) {
        return 1 + random.nextInt(random.nextInt(3) == 0 ? MAX_SMALL : MAX_RECORDS);
    }

    /** A request with so many new records, noted as sent. Half of them have a key, some of the others records with names. */
    static Request next(int size, Random random, Ledger ledger, Names names, int fault) {
        boolean keyed = random.nextBoolean();
        boolean named = !keyed && random.nextBoolean();
        int from = ledger.take(size);
        List<Integer> numbers = new ArrayList<>();
        for (int number = from; number < from + size; number++) {
            ledger.send(number, kind(random, named), fault);
            numbers.add(number);
        }
        if (named) {
            numbers.addAll(names.some(random.nextInt(MAX_COPIES), random));
            numbers.stream()
                    .filter(number -> number >= from && ledger.kind(number) == NumberedRecord.NAMED)
                    .forEach(number -> names.add(number, random));
        }
        List<String> records =
                numbers.stream().map(number -> ledger.kind(number).json(number)).toList();
        String body = random.nextBoolean()
                ? String.join("\n", records)
                : records.stream().collect(Collectors.joining(",", "[", "]"));
        List<String> headers = new ArrayList<>();
        if (keyed) {
            headers.addAll(List.of("Idempotency-Key", "chaos-" + from));
        }
        Ack ack = random.nextInt(2) == 0 ? Ack.ENQUEUED : Ack.values()[random.nextInt(Ack.values().length)];
        if (ack == Ack.STORED) {
            headers.addAll(List.of("Prefer", "wait=4"));
        }
        return new Request(numbers, body, headers.toArray(new String[0]), ack);
    }

    private static NumberedRecord kind(Random random, boolean named) {
        if (random.nextInt(UNKNOWN_APPS_IN) == 0) {
            return NumberedRecord.OF_UNKNOWN_APP;
        }
        if (random.nextInt(LATE_APPS_IN) == 0) {
            return NumberedRecord.OF_LATE_APP;
        }
        return named && random.nextInt(NAMED_IN) == 0 ? NumberedRecord.NAMED : NumberedRecord.GOOD;
    }

    Answer sendTo(Api api) {
        return api.post(
                "/api/v1/ingest/" + ack.parameter, body.getBytes(java.nio.charset.StandardCharsets.UTF_8), headers);
    }

    boolean hasKey() {
        return List.of(headers).contains("Idempotency-Key");
    }

    @Override
    public String toString() {
        return numbers.size() + " records from " + numbers.get(0) + (hasKey() ? " with a key" : "") + ", " + ack;
    }
}
