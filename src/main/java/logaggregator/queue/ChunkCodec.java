package logaggregator.queue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.LogEntry;
import logaggregator.Rejection;
import logaggregator.ingest.json.NdjsonDecoder;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Writes chunks as queue entries and reads them back. An entry has the fields {@code data} (one JSON object per line),
 * {@code id} (of the chunk), {@code n} (number of records) and {@code at} (arrival in microseconds since 1970). Other
 * producers may put entries with {@code data} alone on the queue; theirs get an id and an arrival time from the id of
 * the entry. Thread-safe.
 */
@Component
public class ChunkCodec {

    private static final String DATA = "data";
    private static final String ID = "id";
    private static final String COUNT = "n";
    private static final String ARRIVAL = "at";

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

    public List<Map<String, byte[]>> encode(Batch batch) {
        return batch.chunks().stream().map(ChunkCodec::encode).toList();
    }

    private static Map<String, byte[]> encode(Chunk chunk) {
        return Map.of(
                ID, ascii(chunk.id()),
                COUNT, ascii(chunk.entries().size()),
                ARRIVAL, ascii(ChronoUnit.MICROS.between(Instant.EPOCH, chunk.receivedAt())),
                DATA, chunk.data());
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
        byte @Nullable [] data = delivery.fields().get(DATA);
        Chunk empty = new Chunk(
                chunkId(delivery, entryId),
                new Chunk.Origin(delivery.id(), delivery.attempts()),
                arrival(delivery, entryId),
                List.of(),
                data == null ? RawFields.toJson(delivery.fields()) : data);
        if (data == null) {
            rejections.add(new Rejection(empty, 0, "missing_field", DATA, "the queue entry has no field data"));
            return empty;
        }
        if (delivery.attempts() > maxDeliveries) {
            String error = "the entry was given up after " + maxDeliveries + " deliveries that ended without an answer";
            decoder.indexes(data).forEach(index -> rejections.add(new Rejection(empty, index, "crash", null, error)));
            return empty;
        }
        List<LogEntry> entries = new ArrayList<>();
        decoder.decode(data, empty.receivedAt(), entries::add, rejection -> rejections.add(rejection.in(empty)));
        return empty.withEntries(entries);
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
            return entryId.toInstant();
        }
        try {
            Instant arrival = Instant.EPOCH.plus(Long.parseLong(new String(at, US_ASCII)), ChronoUnit.MICROS);
            return arrival.isBefore(Instant.EPOCH) || arrival.isAfter(LATEST_ARRIVAL) ? entryId.toInstant() : arrival;
        } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
            return entryId.toInstant();
        }
    }

    private static byte[] ascii(Object value) {
        return value.toString().getBytes(US_ASCII);
    }
}
