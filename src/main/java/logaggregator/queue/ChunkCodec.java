package logaggregator.queue;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.EntryId;
import logaggregator.LogEntry;
import logaggregator.Rejection;
import logaggregator.deadletter.DeadLetter;
import logaggregator.ingest.json.NdjsonDecoder;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Writes chunks as queue entries and reads them back. An entry has the fields {@code data} (one JSON object per line),
 * {@code id} (of the chunk), {@code n} (number of records), {@code at} (arrival in microseconds since 1970), {@code apps}
 * (number of records by account), when its receipt may be asked for {@code by} (whom) and, when it was a dead letter,
 * {@code attempts} and {@code replays} (how often it was delivered and put on the queue again before).
 * Other producers may put entries with {@code data} alone on the queue; theirs get an id and an arrival time from the id
 * of the entry. Thread-safe.
 */
@Component
public class ChunkCodec {

    private static final String DATA = "data";
    private static final String ID = "id";
    private static final String COUNT = "n";
    private static final String ARRIVAL = "at";
    private static final String APPS = "apps";
    private static final String PRODUCER = "by";
    private static final String ATTEMPTS = "attempts";
    private static final String REPLAYS = "replays";

    /** Not written here: the queue adds the name of the ledger in which it counts the entry. */
    private static final String LEDGER = "ledger";

    /** Others may put entries with this field on the queue. */
    private static final Pattern LEDGER_NAME = Pattern.compile("[!-~]{1,100}");

    /** Whoever wrote a later one meant something else. */
    private static final Instant LATEST_ARRIVAL = Instant.parse("2200-01-01T00:00:00Z");

    private final NdjsonDecoder decoder;
    private final String queue;
    private final int maxDeliveries;

    public ChunkCodec(NdjsonDecoder decoder, QueueSettings settings) {
        this.decoder = decoder;
        this.queue = settings.stream();
        this.maxDeliveries = settings.maxDeliveries();
    }

    /** @param producer the account that may ask for the receipts; null when nobody will */
    public List<Map<String, byte[]>> encode(Batch batch, @Nullable String producer) {
        return batch.chunks().stream().map(chunk -> encode(chunk, producer)).toList();
    }

    private static Map<String, byte[]> encode(Chunk chunk, @Nullable String producer) {
        Map<String, byte[]> fields = new HashMap<>(Map.of(
                ID, ascii(chunk.id()),
                COUNT, ascii(chunk.size()),
                ARRIVAL, ascii(ChronoUnit.MICROS.between(Instant.EPOCH, chunk.receivedAt())),
                APPS, AppCounts.toJson(chunk.countByAccount()),
                DATA, chunk.data()));
        if (producer != null) {
            fields.put(PRODUCER, producer.getBytes(UTF_8));
        }
        return fields;
    }

    /** Who may ask for the receipt of an entry's chunk; null when it isn't told. */
    public static @Nullable String producer(Map<String, byte[]> entry) {
        byte @Nullable [] producer = entry.get(PRODUCER);
        return producer == null ? null : new String(producer, UTF_8);
    }

    /** The entry with which a dead letter is tried once more, under its own identity. */
    public static Map<String, byte[]> encode(DeadLetter letter) {
        return Map.of(
                ID, ascii(letter.identity()),
                COUNT, ascii(1),
                ARRIVAL, ascii(ChronoUnit.MICROS.between(Instant.EPOCH, letter.receivedAt())),
                APPS, AppCounts.toJson(Map.of(letter.app(), 1)),
                ATTEMPTS, ascii(letter.attempts()),
                REPLAYS, ascii(letter.replays() + 1),
                DATA, letter.data());
    }

    /** Reads what one poll returned; what can't be decoded is among the rejections, nothing is left out. */
    public Batch decode(List<Delivery> deliveries) {
        List<Chunk> chunks = new ArrayList<>(deliveries.size());
        List<Rejection> rejections = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            if (!delivery.fields().isEmpty()) {
                chunks.add(decode(delivery, rejections));
            }
        }
        return Batch.of(chunks, rejections);
    }

    private Chunk decode(Delivery delivery, List<Rejection> rejections) {
        EntryId entryId = EntryId.parse(delivery.id());
        Instant arrival = arrival(delivery, entryId);
        byte @Nullable [] data = delivery.fields().get(DATA);
        List<LogEntry> entries = new ArrayList<>();
        List<Rejection> refused = new ArrayList<>();
        if (data == null) {
            refused.add(new Rejection(null, 0, "missing_field", DATA, "the queue entry has no field data"));
        } else if (delivery.attempts() > maxDeliveries) {
            String error = "the entry was given up after " + maxDeliveries + " deliveries that ended without an answer";
            decoder.indexes(data).forEach(index -> refused.add(new Rejection(null, index, "crash", null, error)));
        } else {
            decoder.decode(data, arrival, entries::add, refused::add);
        }
        Chunk chunk = new Chunk(
                chunkId(delivery, entryId),
                null,
                arrival,
                entries,
                data == null ? RawFields.toJson(delivery.fields()) : data,
                refused.stream().map(Rejection::index).toList());
        Chunk carried = chunk.from(origin(delivery, entryId, chunk.countByAccount()));
        refused.forEach(rejection -> rejections.add(rejection.in(carried)));
        return carried;
    }

    private Chunk.Origin origin(Delivery delivery, EntryId entryId, Map<String, Integer> byAccount) {
        return new Chunk.Origin(
                delivery.id(),
                delivery.attempts() + number(delivery, ATTEMPTS),
                number(delivery, REPLAYS),
                entryId.toUuid(queue),
                account(delivery, byAccount),
                producer(delivery.fields()));
    }

    private static Chunk.Account account(Delivery delivery, Map<String, Integer> byAccount) {
        byte @Nullable [] ledger = delivery.fields().get(LEDGER);
        byte @Nullable [] apps = delivery.fields().get(APPS);
        Map<String, Integer> counted = ledger == null || apps == null ? null : AppCounts.parse(apps);
        if (ledger != null
                && counted != null
                && LEDGER_NAME.matcher(new String(ledger, US_ASCII)).matches()) {
            return new Chunk.Account(new String(ledger, US_ASCII), counted);
        }
        return Chunk.Account.uncounted(byAccount);
    }

    private static long number(Delivery delivery, String field) {
        byte @Nullable [] digits = delivery.fields().get(field);
        try {
            return digits == null ? 0 : Long.parseLong(new String(digits, US_ASCII));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private UUID chunkId(Delivery delivery, EntryId entryId) {
        byte @Nullable [] id = delivery.fields().get(ID);
        if (id == null) {
            return entryId.toUuid(queue);
        }
        try {
            return UUID.fromString(new String(id, US_ASCII));
        } catch (IllegalArgumentException e) {
            return entryId.toUuid(queue);
        }
    }

    private static Instant arrival(Delivery delivery, EntryId entryId) {
        byte @Nullable [] at = delivery.fields().get(ARRIVAL);
        if (at == null) {
            return arrival(entryId);
        }
        try {
            Instant arrival = Instant.EPOCH.plus(Long.parseLong(new String(at, US_ASCII)), ChronoUnit.MICROS);
            return arrival.isBefore(Instant.EPOCH) || arrival.isAfter(LATEST_ARRIVAL) ? arrival(entryId) : arrival;
        } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
            return arrival(entryId);
        }
    }

    /** Producers may choose the ids of their entries: some lie thousands of years ahead, where no microseconds are counted. */
    private static Instant arrival(EntryId entryId) {
        Instant arrival = entryId.toInstant();
        return arrival.isAfter(LATEST_ARRIVAL) ? LATEST_ARRIVAL : arrival;
    }

    private static byte[] ascii(Object value) {
        return value.toString().getBytes(US_ASCII);
    }
}
