package logaggregator.deadletter;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import logaggregator.Chunk;
import logaggregator.EntryId;
import logaggregator.HashedId;
import logaggregator.LogEntry;
import logaggregator.RefusedException;
import logaggregator.Rejection;
import logaggregator.ingest.json.NdjsonDecoder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The records that can't be stored, each with its bytes and the cause. They go into an archive together with what their
 * batch stores, from there to a queue, where the latest ones stay, and back again when that has no room for them. Thread-safe. All methods throw {@link logaggregator.UnavailableException} when a server is away.
 */
@Component("deadLetters")
public class DeadLetters {

    private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

    private static final int PAGE = 200;

    /** A process that starts looks back as far as the queue remembers: the archive may have been away when letters went. */
    private static final Duration AT_START = DeadLetterQueue.REMEMBERED;

    /** What was on its way from the queue to the archive may arrive so late. */
    private static final Duration ON_THE_WAY = Duration.ofMinutes(10);

    private final DeadLetterQueue queue;
    private final DeadLetterArchive archive;
    private final DeadLetterSettings settings;
    private final Clock clock;

    /** By {@link System#nanoTime}: what went before is in the archive no more; null until that is known. */
    private volatile @Nullable Long sweptAt;

    public DeadLetters(DeadLetterQueue queue, DeadLetterArchive archive, DeadLetterSettings settings, Clock clock) {
        this.queue = queue;
        this.archive = archive;
        this.settings = settings;
        this.clock = clock;
    }

    /** Adds records that can't be stored; takes part in the transaction of the calling thread, which settles them. */
    public void add(List<Rejection> rejections) {
        if (rejections.isEmpty()) {
            return;
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        archive.add(rejections.stream()
                .map(rejection -> letter(rejection, rejection.carrier(), now))
                .toList());
    }

    /**
     * Puts what was added on the queue of dead letters, unless that is full or may lose it; to be called from time to time.
     */
    public void publish() {
        try {
            for (List<DeadLetter> page = archive.waiting(PAGE);
                    !page.isEmpty() && queue.isSafe();
                    page = archive.waiting(PAGE)) {
                queue.add(page);
                archive.removeWaiting(page);
            }
        } catch (RefusedException e) {
            log.debug("Dead letters stay in the database: {}", e.getMessage());
        }
    }

    private DeadLetter letter(Rejection rejection, Chunk chunk, Instant now) {
        Chunk.Origin origin = chunk.carrier();
        int index = rejection.index();
        return new DeadLetter(
                "",
                identity(chunk.id(), index),
                account(chunk, origin.account(), index),
                rejection.reason(),
                rejection.field(),
                rejection.error(),
                NdjsonDecoder.record(chunk.data(), index),
                chunk.receivedAt(),
                now,
                origin.attempts(),
                origin.replays(),
                settings.source(),
                origin.id(),
                index + 1);
    }

    /** What was replayed keeps its identity. */
    private static UUID identity(UUID chunk, int index) {
        return HashedId.DEAD_LETTER.made(chunk) ? chunk : HashedId.DEAD_LETTER.of(chunk + ":" + index);
    }

    private static String account(Chunk chunk, Chunk.Account account, int index) {
        return chunk.entries().stream()
                .filter(entry -> entry.index() == index)
                .map(LogEntry::account)
                .filter(account.apps()::containsKey)
                .findFirst()
                .orElseGet(() -> account.apps().size() == 1
                        ? account.apps().keySet().iterator().next()
                        : "");
    }

    /**
     * Newest first.
     *
     * @param before id of the letter where the last page ended, or null
     */
    public List<DeadLetter> find(DeadLetterFilter filter, @Nullable String before, int limit) {
        Map<String, DeadLetter> byKey = new LinkedHashMap<>();
        Stream.concat(queue.find(filter, before, limit).stream(), archive.find(filter, before, limit).stream())
                .forEach(letter -> byKey.putIfAbsent(letter.key(), letter));
        return queue.withoutGone(List.copyOf(byKey.values())).stream()
                .sorted(Comparator.comparing((DeadLetter letter) -> EntryId.parse(letter.id()))
                        .reversed())
                .limit(limit)
                .toList();
    }

    /** Returns null when there is no such letter. */
    public @Nullable DeadLetter get(String id) {
        DeadLetter queued = queue.get(id);
        DeadLetter archived = queued == null ? archive.get(id) : null;
        return archived == null
                ? queued
                : queue.withoutGone(List.of(archived)).stream().findFirst().orElse(null);
    }

    /**
     * Puts the record on the queue of logs once more, under its identity, and removes the letter.
     *
     * @return false when the letter is gone
     */
    public boolean replay(DeadLetter letter) {
        if (queue.replay(letter)) {
            archive.removeAll(List.of(letter.key()));
            return true;
        }
        if (archive.get(letter.id()) == null) {
            return false;
        }
        // in this order: if it ends in between, the letter is gone though it is still in the archive
        boolean replayed = queue.replayFromElsewhere(letter);
        archive.removeAll(List.of(letter.key()));
        return replayed;
    }

    /** Returns false when the letter is gone. */
    public boolean discard(DeadLetter letter) {
        if (!queue.discard(letter)) {
            return false;
        }
        archive.removeAll(List.of(letter.key()));
        return true;
    }

    /**
     * Replays the letters that match, the newest first, without those that come back meanwhile.
     *
     * @return how many
     */
    public int replayAll(DeadLetterFilter filter, int limit) {
        return forEach(filter, limit, letter -> letter.data().length > 0 && replay(letter));
    }

    /** Returns how many. */
    public int discardAll(DeadLetterFilter filter, int limit) {
        return forEach(filter, limit, this::discard);
    }

    /** Counts the newest letters that match, {@code limit} at most. */
    public DeadLetterCounts count(DeadLetterFilter filter, int limit) {
        Map<String, Long> byReason = new HashMap<>();
        Map<String, Long> byApp = new HashMap<>();
        int counted = forEach(filter, limit, letter -> {
            byReason.merge(letter.reason(), 1L, Long::sum);
            byApp.merge(letter.app(), 1L, Long::sum);
            return true;
        });
        return DeadLetterCounts.of(counted, byReason, byApp, counted < limit);
    }

    /** How many are in the queue of dead letters. */
    public long queued() {
        return queue.length();
    }

    /** How many are in the archive, up to {@code limit}. */
    public long archived(int limit) {
        return archive.count(limit);
    }

    private interface Action {
        boolean on(DeadLetter letter);
    }

    private int forEach(DeadLetterFilter filter, int limit, Action action) {
        int done = 0;
        String before = null;
        while (done < limit) {
            List<DeadLetter> page = find(filter, before, Math.min(PAGE, limit - done));
            if (page.isEmpty()) {
                break;
            }
            for (DeadLetter letter : page) {
                done += action.on(letter) ? 1 : 0;
                before = letter.id();
            }
        }
        return done;
    }

    /** Moves what the queue has no room for to the archive; to be called from time to time. */
    public void moveSurplus() {
        for (List<DeadLetter> surplus = queue.surplus(PAGE); !surplus.isEmpty(); surplus = queue.surplus(PAGE)) {
            archive.keep(surplus);
            queue.release(surplus.stream().map(DeadLetter::id).toList());
        }
        sweep();
    }

    /** Removes what was replayed or discarded while the archive was away, or on its way there. */
    private void sweep() {
        long now = System.nanoTime();
        Long before = sweptAt;
        archive.removeAll(queue.gone(before == null ? AT_START : ON_THE_WAY.plusNanos(now - before)));
        sweptAt = now;
    }
}
