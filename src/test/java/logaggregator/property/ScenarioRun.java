package logaggregator.property;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.f4b6a3.uuid.UuidCreator;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.UnavailableException;
import logaggregator.deadletter.DeadLetterFilter;
import logaggregator.deadletter.DeadLetters;
import logaggregator.ingest.DirectAppend;
import logaggregator.ingest.IngestLimits;
import logaggregator.ingest.InvalidBodyException;
import logaggregator.ingest.json.JsonBodyDecoder;
import logaggregator.ingest.json.JsonRecordDecoder;
import logaggregator.ledger.StoreAccounts;
import logaggregator.property.Scenario.Event;
import logaggregator.property.Scenario.Kind;
import logaggregator.property.Scenario.Line;
import logaggregator.property.Scenario.Parcel;
import logaggregator.queue.ChunkCodec;
import logaggregator.queue.Delivery;
import logaggregator.store.LogStore;
import logaggregator.support.Database;
import logaggregator.support.InProcessApp;

/** One run of a scenario, under names of its own. Its workers do what the store route does. */
final class ScenarioRun {

    /** Longest message that the worker takes; the door takes four times as much. */
    static final int MAX_MESSAGE = 500;

    private static final int ATTEMPTS_TO_STORE = 50;
    private static final int UNKNOWN_ID = Integer.MAX_VALUE;
    private static final Instant HAPPENED = Instant.parse("2026-01-01T00:00:00Z");
    private static final DeadLetterFilter ALL = new DeadLetterFilter(null, null, null, null);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicLong ENTRIES = new AtomicLong();

    private final Scenario scenario;
    private final Database database;
    private final ChunkCodec codec;
    private final DeadLetters deadLetters;
    private final DirectAppend directAppend;
    private final LogStore store;
    private final StoreAccounts accounts;

    /** In the name of each application, in each message and in the name of the queue's ledger. */
    private final String token = "run-" + UuidCreator.getTimeOrderedEpoch();

    private final List<String> apps = IntStream.range(0, Scenario.APPS)
            .mapToObj(n -> "#".repeat(n) + token)
            .toList();
    private final Map<String, Integer> appIds = new HashMap<>();
    private final AtomicLong acceptedDirectly = new AtomicLong();
    private final Set<Entry> completed = ConcurrentHashMap.newKeySet();

    /** An entry of the queue. */
    private record Entry(String id, Map<String, byte[]> fields, AtomicLong deliveries) {

        Delivery deliver() {
            return new Delivery(id, fields, deliveries.incrementAndGet());
        }
    }

    /** A parcel as it travels: entries by copy, and the chunks of a request. */
    private record Sent(Parcel parcel, List<List<Entry>> copies, List<Chunk> chunks) {}

    ScenarioRun(Scenario scenario, InProcessApp app, Database database) {
        this.scenario = scenario;
        this.database = database;
        this.codec = app.bean(ChunkCodec.class);
        this.deadLetters = app.bean(DeadLetters.class);
        this.directAppend = app.bean(DirectAppend.class);
        this.store = app.bean(LogStore.class);
        this.accounts = app.bean(StoreAccounts.class);
    }

    Outcome run(ExecutorService threads) {
        for (String app : apps) {
            appIds.put(app, (int) database.number("INSERT INTO apps (name) VALUES ('" + app + "') RETURNING id"));
        }
        Outcome.Numbers before = numbers("");
        List<Sent> parcels = scenario.parcels().stream().map(this::send).toList();

        CompletableFuture<?>[] workers = IntStream.range(0, Scenario.WORKERS)
                .mapToObj(worker -> CompletableFuture.runAsync(() -> work(worker, parcels), threads))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(workers).join();
        List<Entry> entries = parcels.stream()
                .flatMap(sent -> sent.copies().stream().flatMap(List::stream))
                .toList();
        // what a dead worker has left is delivered again
        store(entries.stream().filter(entry -> !completed.contains(entry)).toList(), Integer.MAX_VALUE);

        long ours = 0;
        long others = acceptedDirectly.get();
        for (Sent sent : parcels) {
            if (sent.parcel().foreign()) {
                others += sent.parcel().lines().size();
            } else {
                ours += sent.chunks().stream()
                                .mapToInt(chunk -> chunk.entries().size())
                                .sum()
                        * (long) sent.copies().size();
            }
        }
        return new Outcome(
                rows(), letters(), ours, numbers(token), others, numbers("").minus(before));
    }

    private void work(int worker, List<Sent> parcels) {
        record Due(Event event, Sent sent) {}
        List<Due> due = parcels.stream()
                .flatMap(sent -> sent.parcel().events().stream().map(event -> new Due(event, sent)))
                .filter(item -> item.event().worker() == worker)
                .sorted(Comparator.comparingInt(item -> item.event().moment()))
                .toList();
        List<Entry> poll = new ArrayList<>();
        for (Due item : due) {
            if (item.event().direct()) {
                item.sent().chunks().forEach(this::appendDirectly);
                continue;
            }
            poll.addAll(item.sent().copies().get(item.event().copy()));
            if (item.event().endsPoll()) {
                store(poll, item.event().diesAfter());
                poll.clear();
            }
        }
        store(poll, Integer.MAX_VALUE);
    }

    /** As the store route does, up to the step after which the worker dies. */
    private void store(List<Entry> poll, int diesAfter) {
        int steps = 0;
        // one poll never returns an entry twice
        List<Entry> entries = poll.stream().distinct().toList();
        Batch batch = codec.decode(entries.stream().map(Entry::deliver).toList());
        while (!batch.isSafe()) {
            if (steps++ == diesAfter) {
                return;
            }
            batch = append(batch);
        }
        if (steps == diesAfter) {
            return;
        }
        deadLetters.publish();
        completed.addAll(entries);
    }

    private void appendDirectly(Chunk chunk) {
        Batch batch = directAppend.toStore(Batch.of(List.of(chunk), List.of()), null);
        while (!batch.isSafe()) {
            batch = append(batch);
        }
        acceptedDirectly.addAndGet(chunk.entries().size());
    }

    private Batch append(Batch batch) {
        for (int attempt = 1; ; attempt++) {
            try {
                return store.append(batch);
            } catch (UnavailableException e) {
                if (attempt == ATTEMPTS_TO_STORE) {
                    throw e;
                }
            }
        }
    }

    private Sent send(Parcel parcel) {
        byte[] body = body(parcel);
        List<Chunk> chunks = parcel.foreign() ? List.of() : decode(body, parcel.recordsPerEntry());
        List<Map<String, byte[]>> fields = new ArrayList<>();
        if (parcel.foreign()) {
            fields.add(Map.of("data", body));
        }
        codec.encode(Batch.of(chunks, List.of()), null).forEach(written -> {
            Map<String, byte[]> counted = new HashMap<>(written);
            counted.put("ledger", token.getBytes(US_ASCII));
            fields.add(counted);
        });
        List<List<Entry>> copies = Stream.generate(() -> fields.stream()
                        .map(each -> new Entry(
                                System.currentTimeMillis() + "-" + ENTRIES.incrementAndGet(), each, new AtomicLong()))
                        .toList())
                .limit(parcel.copies())
                .toList();
        return new Sent(parcel, copies, chunks);
    }

    private static List<Chunk> decode(byte[] body, int recordsPerEntry) {
        IngestLimits limits = new IngestLimits(4 * MAX_MESSAGE, 16 << 20, 50_000, recordsPerEntry);
        try {
            return new JsonBodyDecoder(limits, new JsonRecordDecoder(limits), Clock.systemUTC())
                    .decode(body, null, null)
                    .chunks();
        } catch (InvalidBodyException e) {
            return List.of(); // each record was broken, which the client was told
        }
    }

    private byte[] body(Parcel parcel) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Line line : parcel.lines()) {
            byte[] json = json(line);
            if (line.kind() == Kind.BROKEN) {
                body.write(json, 0, json.length - 1);
                body.writeBytes(List.of("", "x}", "\u00FF}", "}}")
                        .get(line.number() % 4)
                        .getBytes(ISO_8859_1));
            } else {
                body.writeBytes(json);
            }
            body.writeBytes("\n".getBytes(US_ASCII));
        }
        return body.toByteArray();
    }

    private byte[] json(Line line) {
        String app = apps.get(line.app());
        ObjectNode record = JSON.createObjectNode()
                .put("message", message(line))
                .put("level", "INFO")
                .put("service", "s" + line.text())
                .put("timestamp", HAPPENED.plusMillis(line.number()).toString());
        if (line.kind() == Kind.UNKNOWN_APP) {
            record.put("app_id", UNKNOWN_ID);
        } else if (line.byId()) {
            record.put("app_id", appIds.get(app));
        } else {
            record.put("app", app);
        }
        ObjectNode metadata = record.putObject("metadata_").put(line.text(), line.number());
        if (line.key() != null) {
            metadata.put("idempotency_key", line.key());
        }
        try {
            return JSON.writeValueAsBytes(record);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The database refuses what begins with the name of a kind. */
    private String message(Line line) {
        String refusal = line.kind().isRefusedByDatabase() ? line.kind().name() : "";
        String rest = line.kind() == Kind.TOO_LONG ? "x".repeat(MAX_MESSAGE) : line.text();
        return refusal + "<" + token + ":" + line.number() + ">" + rest;
    }

    /** How a record looks once it is stored. */
    JsonNode row(Line line) {
        ObjectNode metadata = JSON.createObjectNode().put(line.text(), line.number());
        if (line.key() != null) {
            metadata.put("idempotency_key", line.key());
        }
        return JSON.createArrayNode()
                .add(apps.get(line.app()))
                .add(message(line))
                .add("s" + line.text())
                .add(line.number())
                .add(metadata);
    }

    private List<JsonNode> rows() {
        return apps.stream()
                .flatMap(app -> database
                        .column("SELECT json_build_array(app, message, service,"
                                + " (extract(epoch FROM timestamp - '" + HAPPENED + "') * 1000)::int, metadata_)"
                                + " FROM logs WHERE app = '" + app + "'")
                        .stream())
                .map(ScenarioRun::tree)
                .toList();
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(json, e);
        }
    }

    private List<Integer> letters() {
        Pattern number = Pattern.compile("<" + token + ":(\\d+)>");
        List<Integer> letters = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        deadLetters.find(ALL, null, 10_000).forEach(letter -> {
            Matcher matcher = number.matcher(new String(letter.data(), UTF_8));
            if (ids.add(letter.id()) && matcher.find()) {
                letters.add(Integer.valueOf(matcher.group(1)));
            }
        });
        deadLetters.discardAll(ALL, 10_000);
        return letters;
    }

    private Outcome.Numbers numbers(String queue) {
        long[] sums = new long[4];
        accounts.read().stream()
                .filter(account -> account.queue().equals(queue))
                .forEach(account -> {
                    sums[0] += account.settled();
                    sums[1] += account.stored();
                    sums[2] += account.duplicate();
                    sums[3] += account.deadLettered();
                });
        return new Outcome.Numbers(sums[0], sums[1], sums[2], sums[3]);
    }

    /** Which of several records is the same one to the store. */
    Object identity(Line line) {
        return line.key() == null ? line.number() : line.app() + line.key();
    }
}
