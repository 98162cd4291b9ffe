package logaggregator.receipt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.Durability;
import logaggregator.Rejection;
import logaggregator.Settlement;
import logaggregator.UnavailableException;
import logaggregator.access.Access;
import logaggregator.queue.LogQueue;
import logaggregator.store.Receipt;
import logaggregator.store.ReceiptReader;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Tells producers what became of their chunks: whether they came before, and when they are stored. Thread-safe. */
@Component("receipts")
public class Receipts {

    /** Each waiting request holds one of the threads that all requests share. */
    private static final int MAX_WAITING = 16;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ReceiptReader store;
    private final LogQueue queue;
    private final Semaphore waiting = new Semaphore(MAX_WAITING);

    public Receipts(ReceiptReader store, LogQueue queue) {
        this.store = store;
        this.queue = queue;
    }

    /** See {@link AckRequest}. */
    public AckRequest request(@Nullable String ack, @Nullable String prefer, @Nullable String idempotencyKey) {
        return AckRequest.of(ack, prefer, idempotencyKey != null && !idempotencyKey.isBlank());
    }

    /**
     * Notes how many records of the batch have come before, settled or still in the queue, and which of the settled ones
     * are dead letters, whatever they would be now.
     */
    public Batch recognise(Batch batch) {
        Set<UUID> ids = batch.chunks().stream().map(Chunk::id).collect(Collectors.toSet());
        Map<UUID, Receipt> settled =
                store.find(ids).stream().collect(Collectors.toMap(Receipt::id, receipt -> receipt));
        Set<UUID> queued =
                settled.size() == ids.size() ? Set.of() : queue.queued(ids).keySet();
        List<Rejection> rejections = new ArrayList<>(batch.rejections());
        int duplicates = 0;
        for (Chunk chunk : batch.chunks()) {
            Receipt receipt = settled.get(chunk.id());
            if (receipt != null) {
                rejections.removeIf(rejection -> rejection.chunk() == chunk);
                rejections(chunk, receipt).forEach(rejection -> rejections.add(rejection.in(chunk)));
            }
            if (receipt != null || queued.contains(chunk.id())) {
                duplicates += chunk.size();
            }
        }
        return Batch.of(batch.chunks(), rejections).withDuplicates(duplicates);
    }

    /**
     * Returns once the batch is stored or dead-lettered.
     *
     * @throws NotStoredYetException when that takes too long, or too many requests wait already
     */
    public Settlement await(Batch batch, AckRequest request) {
        if (batch.durability() == Durability.POSTGRES && batch.duplicates() == 0) {
            List<Rejection> deadLettered = batch.deadLettered();
            return new Settlement(batch.size() - deadLettered.size(), deadLettered);
        }
        if (!waiting.tryAcquire()) {
            throw new NotStoredYetException();
        }
        try {
            return awaitReceipts(batch, request.patience() == null ? AckRequest.USUAL_PATIENCE : request.patience());
        } finally {
            waiting.release();
        }
    }

    private Settlement awaitReceipts(Batch batch, Duration patience) {
        Set<UUID> ids = batch.chunks().stream().map(Chunk::id).collect(Collectors.toSet());
        long begin = System.nanoTime();
        Duration pause = FIRST_PAUSE;
        while (true) {
            Map<UUID, Receipt> receipts = find(ids);
            if (receipts.size() == ids.size()) {
                return settlement(batch, receipts);
            }
            if (System.nanoTime() - begin > patience.toNanos()
                    || Thread.currentThread().isInterrupted()) {
                throw new NotStoredYetException();
            }
            LockSupport.parkNanos(pause.toNanos());
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private Map<UUID, Receipt> find(Set<UUID> ids) {
        Map<UUID, Receipt> receipts = new HashMap<>();
        try {
            store.find(ids).forEach(receipt -> receipts.put(receipt.id(), receipt));
        } catch (UnavailableException e) {
            // then it isn't stored yet
        }
        return receipts;
    }

    private static Settlement settlement(Batch batch, Map<UUID, Receipt> receipts) {
        int stored = 0;
        List<Rejection> deadLettered = new ArrayList<>();
        for (Chunk chunk : batch.chunks()) {
            Receipt receipt = receipts.get(chunk.id());
            if (receipt != null) {
                stored += receipt.stored() == null ? chunk.size() : receipt.stored();
                deadLettered.addAll(rejections(chunk, receipt));
            }
        }
        return new Settlement(stored, deadLettered);
    }

    private static List<Rejection> rejections(Chunk chunk, Receipt receipt) {
        List<Rejection> rejections = new ArrayList<>();
        if (receipt.rejected() != null) {
            for (JsonNode noted : read(receipt.rejected())) {
                int line = Math.min(noted.path("index").asInt(), chunk.size() - 1);
                rejections.add(new Rejection(
                        null,
                        chunk.places()[line],
                        noted.path("reason").asText(),
                        noted.path("field").textValue(),
                        noted.path("error").asText()));
            }
        }
        return rejections;
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("receipts hold JSON", e);
        }
    }

    /**
     * Finds what is known of a chunk.
     *
     * @param asker who is told of its own chunks only, unless it is an admin
     * @return null when nothing is
     */
    public @Nullable ReceiptStatus status(UUID chunk, Access asker) {
        ReceiptStatus settled = settled(chunk, asker);
        if (settled != null) {
            return settled;
        }
        String producer = queue.queued(Set.of(chunk)).get(chunk);
        if (producer == null) {
            // it may have been stored since it was looked for
            return settled(chunk, asker);
        }
        return asker.owns(producer) ? ReceiptStatus.queued(chunk) : null;
    }

    private @Nullable ReceiptStatus settled(UUID chunk, Access asker) {
        return store.find(List.of(chunk)).stream()
                .filter(receipt -> asker.owns(receipt.producer()))
                .findFirst()
                .map(ReceiptStatus::of)
                .orElse(null);
    }
}
