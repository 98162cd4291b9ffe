package logaggregator.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.github.f4b6a3.uuid.UuidCreator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.LogEntry;
import logaggregator.search.Expression;
import logaggregator.search.ExpressionMatcher;
import logaggregator.search.Glob;
import logaggregator.search.InvalidSearchException;
import logaggregator.search.SearchParser;
import logaggregator.search.SearchedLog;
import logaggregator.store.CountedLogs;
import logaggregator.store.FoundLogs;
import logaggregator.store.HistogramBucket;
import logaggregator.store.LogEditor;
import logaggregator.store.LogFields;
import logaggregator.store.LogFilter;
import logaggregator.store.LogPage;
import logaggregator.store.LogReader;
import logaggregator.store.LogStats;
import logaggregator.store.LogStore;
import logaggregator.store.StatsReader;
import logaggregator.store.StoreMaintenance;
import logaggregator.store.StoredLog;
import logaggregator.support.Filters;
import logaggregator.support.InProcessApp;
import logaggregator.support.Servers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * For random logs and random filters: the database finds what a simple loop in Java finds, pages make up the whole and the
 * numbers agree with the list. {@code -Dtest.seed=} repeats a failure.
 */
class LogSearchIT {

    private static final int LOGS = 400;
    private static final int DELETED = 40;
    private static final int FILTERS = 400;
    private static final Instant START = Instant.parse("2026-03-01T10:20:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> WORDS = List.of(
            "payment",
            "failed",
            "Timeout",
            "100%",
            "a_b",
            "user",
            "PAY",
            "x\\y",
            "50",
            "émile",
            "\"quoted\"",
            "line\nbreak",
            "*");
    private static final List<String> VALUES = List.of(
            "42",
            "42.0",
            "\"42\"",
            "true",
            "\"true\"",
            "null",
            "-7.5",
            "\"pay\"",
            "\"payload\"",
            "[1,\"pay\",42]",
            "{\"b\":42}",
            "[{\"b\":\"pay\"}]",
            "1e3",
            "\"a.b\"",
            "\"é\"",
            "[[42]]",
            "{}",
            "[]");

    private static final long SEED = Long.getLong("test.seed", System.nanoTime());

    private static InProcessApp service;
    private static LogReader reader;
    private static List<StoredLog> all;
    private static List<SearchedLog> searched;

    private final Random random = new Random(SEED);
    private final SearchParser parser = new SearchParser(Clock.fixed(START, java.time.ZoneOffset.UTC));

    @BeforeAll
    static void store() {
        service = new InProcessApp(Servers.postgres(), Servers.redis(), "log-search:stream", "app.roles=api");
        reader = service.bean(LogReader.class);
        Random random = new Random(SEED);
        for (int half = 0; half < 2; half++) {
            List<LogEntry> entries =
                    IntStream.range(0, LOGS / 2).mapToObj(n -> entry(n, random)).toList();
            Chunk chunk = new Chunk(UuidCreator.getTimeOrderedEpoch(), null, START, entries, new byte[0]);
            service.bean(LogStore.class)
                    .append(Batch.of(List.of(chunk.from(Chunk.Origin.door(chunk, null))), List.of()));
            all = stored();
            for (int n = 0; n < DELETED / 2; n++) {
                service.bean(LogEditor.class)
                        .delete(all.remove(random.nextInt(all.size())).id());
            }
            if (half == 0) {
                // the numbers of the other half stay as they were written
                service.bean(StoreMaintenance.class).foldCounts();
            }
        }
        all = stored();
        all.sort(Comparator.comparing(StoredLog::timestamp)
                .thenComparing(StoredLog::id)
                .reversed());
        assertThat(all).hasSize(LOGS - DELETED);
        searched = all.stream().map(LogSearchIT::searched).toList();
    }

    private static List<StoredLog> stored() {
        return Stream.of("search-a", "search-b")
                .flatMap(app -> reader.find(Filters.ofApp(app), LogPage.newest(1_000)).logs().stream())
                .collect(Collectors.toCollection(ArrayList::new));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static <T> T any(List<T> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }

    private static LogEntry entry(int index, Random random) {
        String message = IntStream.range(0, 1 + random.nextInt(4))
                .mapToObj(n -> any(WORDS, random))
                .collect(Collectors.joining(" "));
        StringBuilder metadata = new StringBuilder("{\"n\":" + index);
        for (String key : List.of("a", "ms", "x.y")) {
            if (random.nextBoolean()) {
                metadata.append(",\"").append(key).append("\":").append(any(VALUES, random));
            }
        }
        return new LogEntry(
                index,
                any(List.of("search-a", "search-b"), random),
                null,
                any(List.of("INFO", "ERROR", "DEBUG"), random),
                any(List.of("pay", "payment", "cart_1"), random),
                message,
                // some of them at the same time, most within some hours, the others over several days
                START.plus(
                                random.nextInt(3) > 0 ? random.nextInt(200) * 73L : random.nextInt(12) * 39_000L,
                                ChronoUnit.SECONDS)
                        .plus(partOfASecond(random), ChronoUnit.MICROS),
                random.nextInt(5) == 0
                        ? null
                        : metadata.append('}').toString().getBytes(java.nio.charset.StandardCharsets.UTF_8),
                null);
    }

    /** Half of them none. */
    private static int partOfASecond(Random random) {
        return random.nextBoolean() ? 0 : random.nextInt(1_000_000);
    }

    private static SearchedLog searched(StoredLog log) {
        return new SearchedLog(
                log.id(),
                log.appId(),
                log.app(),
                log.level(),
                log.service(),
                log.message(),
                log.timestamp(),
                log.receivedAt(),
                tree(log.metadata()));
    }

    private static JsonNode tree(@Nullable String metadata) {
        try {
            return metadata == null
                    ? MissingNode.getInstance()
                    : JSON.reader()
                            .with(com.fasterxml.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                            .readTree(metadata);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(metadata, e);
        }
    }

    private String term() {
        return switch (random.nextInt(12)) {
            case 0 -> any(List.of("pay*", "user", "TIMEOUT", "f?iled", "100%", "a_b", "émile", "no\\*"), random);
            case 1 ->
                any(List.of("\"payment failed\"", "\"100%\"", "\"\\\"quoted\\\"\"", "\"x\\\\y\"", "\"*\""), random);
            case 2 -> "level:" + any(List.of("ERROR", "info", "D*", "(ERROR OR DEBUG)"), random);
            case 3 -> "service:" + any(List.of("pay", "pay*", "cart_1", "cart?1", "c*_*"), random);
            case 4 ->
                "metadata_.a:"
                        + any(
                                List.of("42", "\"42\"", "true", "pay", "pay*", "*", "null", "1000", "a.b", "\\-7.5"),
                                random);
            case 5 -> "metadata_.a.b:" + any(List.of("42", "pay", "*"), random);
            case 6 ->
                "metadata_.ms:"
                        + any(List.of("[40 TO 50]", "{42 TO *]", "[* TO 42}", "[p TO payz]", "[\"a\" TO *]"), random);
            case 7 -> "metadata_.x\\.y:" + any(List.of("42", "*", "é"), random);
            case 8 ->
                "timestamp:"
                        + any(
                                List.of("[2026-03-01T11:00:00Z TO *]", "[* TO +1h]", "2026-03-01", "{now TO +90m}"),
                                random);
            case 9 -> "metadata_.n" + any(List.of(">100", "<=50", ">=0", "<10"), random);
            case 10 -> "app:" + any(List.of("search-a", "search*", "*b"), random);
            default -> "id:[" + any(all, random).id() + " TO *]";
        };
    }

    private String search(int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            return term();
        }
        return switch (random.nextInt(4)) {
            case 0 -> "(" + search(depth - 1) + " AND " + search(depth - 1) + ")";
            case 1 -> "(" + search(depth - 1) + " OR " + search(depth - 1) + ")";
            case 2 -> "(NOT " + search(depth - 1) + ")";
            default -> "(" + search(depth - 1) + " -" + search(depth - 1) + ")";
        };
    }

    private @Nullable Instant time() {
        return random.nextInt(3) > 0
                ? null
                : START.plus(random.nextInt(random.nextBoolean() ? 15_000 : 450_000), ChronoUnit.SECONDS)
                        .plus(partOfASecond(random), ChronoUnit.MICROS);
    }

    private LogFilter restricted(Expression condition, @Nullable Instant start, @Nullable Instant end) {
        Expression ours = new Expression.Text(Expression.TextField.APP, Glob.of("search-*"));
        return new LogFilter(Expression.and(List.of(ours, condition)), start, end);
    }

    private static List<Long> expected(LogFilter filter) {
        return searched.stream()
                .filter(log -> ExpressionMatcher.matches(filter.condition(), log))
                .filter(log -> filter.start() == null || !log.timestamp().isBefore(filter.start()))
                .filter(log -> filter.end() == null || log.timestamp().isBefore(filter.end()))
                .map(SearchedLog::id)
                .toList();
    }

    @Test
    void the_database_finds_what_a_loop_finds() {
        int found = 0;
        for (int n = 0; n < FILTERS; n++) {
            String search = search(2);
            LogFilter filter = restricted(parser.parse(search), time(), time());
            List<Long> expected = expected(filter);

            assertThat(ids(reader.find(filter, LogPage.newest(1_000)).logs()))
                    .as("-Dtest.seed=%d %s %s", SEED, search, filter)
                    .isEqualTo(expected);
            CountedLogs counted = reader.findAndCount(filter, LogPage.newest(10));
            assertThat(ids(counted.page().logs())).isEqualTo(expected.subList(0, Math.min(10, expected.size())));
            assertThat(counted.total()).isEqualTo(expected.size());
            found += expected.isEmpty() ? 0 : 1;
        }
        assertThat(found).isGreaterThan(FILTERS / 4);
    }

    @Test
    void pages_make_up_the_whole_in_both_orders() {
        for (int n = 0; n < 40; n++) {
            String search = n % 2 == 0 ? search(1) : any(List.of("service:pay", "level:ERROR", "service:no*"), random);
            LogFilter filter = restricted(parser.parse(search), time(), time());
            List<Long> whole = new ArrayList<>(expected(filter));
            boolean newestFirst = random.nextBoolean();
            if (!newestFirst) {
                java.util.Collections.reverse(whole);
            }
            int limit = 1 + random.nextInt(60);
            List<Long> pages = new ArrayList<>();
            LogPage.Position after = null;
            FoundLogs page;
            do {
                page = reader.find(filter, new LogPage(newestFirst, after, 0, limit));
                pages.addAll(ids(page.logs()));
                if (page.more()) {
                    StoredLog last = page.logs().get(limit - 1);
                    after = new LogPage.Position(last.timestamp(), last.id());
                }
            } while (page.more());

            assertThat(pages).as("-Dtest.seed=%d %s", SEED, filter).isEqualTo(whole);
            assertThat(page.logs().isEmpty()).isEqualTo(whole.isEmpty());
        }
    }

    @Test
    void stats_are_the_counts_of_the_list() {
        for (int n = 0; n < 100; n++) {
            Expression condition = random.nextBoolean()
                    ? parser.parse(search(1))
                    : new Expression.Text(Expression.TextField.LEVEL, Glob.literal("ERROR"));
            Instant start = time();
            Instant end = time();
            LogFilter filter = restricted(condition, start, end);
            List<Long> ids = expected(filter);
            List<StoredLog> listed =
                    all.stream().filter(log -> ids.contains(log.id())).toList();

            LogStats stats = service.bean(StatsReader.class).stats(filter);

            assertThat(stats.totalLogs()).as("-Dtest.seed=%d %s", SEED, filter).isEqualTo(listed.size());
            assertThat(stats.byLevel()).isEqualTo(counts(listed, StoredLog::level));
            assertThat(stats.byService()).isEqualTo(counts(listed, StoredLog::service));
            assertThat(stats.byApp()).isEqualTo(counts(listed, StoredLog::app));
        }
    }

    @Test
    void each_interval_of_a_histogram_is_the_count_of_its_list() {
        for (int n = 0; n < 60; n++) {
            Expression condition = random.nextBoolean()
                    ? parser.parse(search(1))
                    : new Expression.Text(Expression.TextField.LEVEL, Glob.literal("ERROR"));
            Instant start = START.plus(random.nextInt(8_000), ChronoUnit.SECONDS)
                    .plus(partOfASecond(random), ChronoUnit.MICROS);
            Instant end = random.nextBoolean()
                    ? start.plus(random.nextInt(8_000), ChronoUnit.SECONDS)
                            .plus(partOfASecond(random), ChronoUnit.MICROS)
                    : START.truncatedTo(ChronoUnit.HOURS).plus(6, ChronoUnit.HOURS);
            Duration interval = Duration.ofSeconds(any(List.of(17, 60, 300, 900, 3_600, 5_400, 7_200, 86_400), random));
            LogFilter filter = restricted(condition, start, end);

            List<HistogramBucket> buckets = service.bean(StatsReader.class).histogram(filter, interval);

            List<Long> ids = expected(filter);
            Instant next = buckets.isEmpty() ? end : buckets.get(0).start();
            assertThat(next).isBeforeOrEqualTo(start);
            for (HistogramBucket bucket : buckets) {
                List<StoredLog> listed = all.stream()
                        .filter(log -> ids.contains(log.id()))
                        .filter(log -> !log.timestamp().isBefore(bucket.start())
                                && log.timestamp().isBefore(bucket.end()))
                        .toList();
                assertThat(bucket.start()).isEqualTo(next);
                assertThat(bucket.start().getEpochSecond() % interval.toSeconds())
                        .isZero();
                assertThat(bucket.byLevel())
                        .as("-Dtest.seed=%d %s %s %s", SEED, filter, interval, bucket)
                        .isEqualTo(counts(listed, StoredLog::level));
                assertThat(bucket.total()).isEqualTo(listed.size());
                next = bucket.end();
            }
            assertThat(next).isAfterOrEqualTo(end);
            assertThat(buckets.stream().mapToLong(HistogramBucket::total).sum()).isEqualTo(ids.size());
        }
    }

    @Test
    void a_log_stands_among_those_of_its_service_and_app() {
        for (int n = 0; n < 60; n++) {
            StoredLog log = any(all, random);
            int before = random.nextInt(5);
            int after = random.nextInt(5);

            List<StoredLog> around = service.bean(LogReader.class).context(log.id(), before, after);

            List<StoredLog> same = all.stream()
                    .filter(other ->
                            other.app().equals(log.app()) && other.service().equals(log.service()))
                    .sorted(Comparator.comparing(StoredLog::timestamp).thenComparing(StoredLog::id))
                    .toList();
            int place = same.indexOf(log);
            assertThat(around)
                    .as("-Dtest.seed=%d %s", SEED, log)
                    .isEqualTo(same.subList(Math.max(0, place - before), Math.min(same.size(), place + after + 1)));
        }
    }

    @Test
    void fields_are_counted_as_the_list_has_them() {
        for (int n = 0; n < 40; n++) {
            LogFilter filter = restricted(parser.parse(search(1)), time(), null);
            List<Long> ids = expected(filter);
            List<StoredLog> listed =
                    all.stream().filter(log -> ids.contains(log.id())).toList();

            LogFields fields = service.bean(StatsReader.class).fields(filter, 100);

            Map<String, Long> keys = new HashMap<>();
            Map<String, Long> values = new HashMap<>();
            for (StoredLog log : listed) {
                tree(log.metadata()).properties().forEach(entry -> {
                    keys.merge(entry.getKey(), 1L, Long::sum);
                    if (entry.getKey().equals("a") && entry.getValue().isTextual()) {
                        values.merge(entry.getValue().toString(), 1L, Long::sum);
                    }
                });
            }
            assertThat(fields.byLevel())
                    .as("-Dtest.seed=%d %s", SEED, filter)
                    .isEqualTo(counts(listed, StoredLog::level));
            assertThat(fields.byService()).isEqualTo(counts(listed, StoredLog::service));
            assertThat(fields.lookedAt()).isEqualTo(listed.size());
            assertThat(fields.complete()).isTrue();
            assertThat(fields.metadata().stream().collect(Collectors.toMap(LogFields.Key::key, LogFields.Key::count)))
                    .isEqualTo(keys);
            assertThat(fields.metadata().stream()
                            .filter(key -> key.key().equals("a"))
                            .flatMap(key -> key.values().stream())
                            .filter(value -> value.value().startsWith("\""))
                            .collect(Collectors.toMap(LogFields.Value::value, LogFields.Value::count)))
                    .isEqualTo(values);
        }
    }

    @Test
    void the_most_frequent_values_come_first_and_no_more_than_asked_for() {
        LogFields fields = service.bean(StatsReader.class).fields(restricted(Expression.ALL, null, null), 2);

        assertThat(fields.byLevel()).hasSize(2);
        assertThat(new ArrayList<>(fields.byLevel().values())).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(fields.metadata()).hasSize(2);
        assertThat(fields.metadata().get(0).key()).isEqualTo("n");
        assertThat(fields.metadata()).allSatisfy(key -> assertThat(key.values())
                .hasSizeLessThanOrEqualTo(2)
                .isSortedAccordingTo(
                        Comparator.comparing(LogFields.Value::count).reversed()));
    }

    @Test
    void every_text_is_a_search_or_refused() {
        String characters = "ab*?\\\"()[]{}:+-!&|^~/<>= TORAND.metadata_%_'@\u0000é";
        for (int n = 0; n < 300; n++) {
            String text = random.ints(1 + random.nextInt(20), 0, characters.length())
                    .mapToObj(i -> String.valueOf(characters.charAt(i)))
                    .collect(Collectors.joining());
            Expression condition;
            try {
                condition = parser.parse(text);
            } catch (InvalidSearchException e) {
                continue;
            }
            LogFilter filter = restricted(condition, null, null);
            assertThat(ids(reader.find(filter, LogPage.newest(1_000)).logs()))
                    .as("-Dtest.seed=%d %s", SEED, text)
                    .isEqualTo(expected(filter));
        }
    }

    private static List<Long> ids(List<StoredLog> logs) {
        return logs.stream().map(StoredLog::id).toList();
    }

    private static Map<String, Long> counts(List<StoredLog> logs, Function<StoredLog, String> property) {
        return logs.stream().collect(Collectors.groupingBy(property, Collectors.counting()));
    }
}
