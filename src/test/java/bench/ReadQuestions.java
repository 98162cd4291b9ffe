package bench;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import logaggregator.support.Api;

/** What readers ask of an {@link Archive}, each time with other values, in every thread the same. Thread-safe. */
final class ReadQuestions {

    private final Api api;
    private final long rows;
    private final Instant end;
    private final ThreadLocal<SplittableRandom> random = ThreadLocal.withInitial(() -> new SplittableRandom(42));

    /** @param end the first moment without logs */
    ReadQuestions(Api api, long rows, Instant end) {
        this.api = api;
        this.rows = rows;
        this.end = end;
    }

    /** Makers of paths, by what they ask for. */
    Map<String, Supplier<String>> all() {
        Map<String, Supplier<String>> questions = new LinkedHashMap<>();
        questions.put("newest 50", () -> "/api/v1/logs/");
        questions.put(
                "newest 50 of an app and level, some hours",
                () -> "/api/v1/logs/?app=" + app() + "&level=" + level()
                        + times(Duration.ofHours(1 + random().nextInt(48))));
        questions.put("newest 50 of a service", () -> "/api/v1/logs/?service=" + service());
        questions.put("newest 50 of a level", () -> "/api/v1/logs/?level=" + level());
        questions.put("oldest 50", () -> "/api/v1/logs/?order=asc");
        questions.put("a page anywhere, by cursor", new CursorPages());
        questions.put("one log by its id", () -> "/api/v1/logs/" + (1 + random().nextLong(rows)));
        questions.put("statistics of all time", () -> "/api/v1/stats/");
        questions.put(
                "statistics of an hour",
                () -> "/api/v1/stats/?" + times(Duration.ofHours(1)).substring(1));
        questions.put(
                "histogram of 24 hours", () -> "/api/v1/stats/histogram?interval=15m" + times(Duration.ofDays(1)));
        questions.put("fields of all logs", () -> "/api/v1/stats/fields");
        questions.put("fields of an app", () -> "/api/v1/stats/fields?app=" + app());
        questions.put("a rare word, all time", () -> "/api/v1/logs/?q=" + Archive.RARE_WORD);
        questions.put("a common word, newest 50", () -> "/api/v1/logs/?q=" + Archive.COMMON_WORD);
        questions.put(
                "a value of metadata, 24 hours",
                () -> "/api/v1/logs/?q=metadata_.user_id:" + random().nextInt(100_000) + times(Duration.ofDays(1)));
        return questions;
    }

    /** Walks back through a random time, one page for each question. */
    private final class CursorPages implements Supplier<String> {

        @Override
        public String get() {
            String link = api.get("/api/v1/logs/?" + times(Duration.ofDays(20)).substring(1))
                    .response()
                    .headers()
                    .firstValue("Link")
                    .orElseThrow();
            String next = link.substring(link.indexOf('<') + 1, link.indexOf('>'));
            return next.startsWith("http") ? next.substring(next.indexOf("/api/")) : next;
        }
    }

    private SplittableRandom random() {
        return random.get();
    }

    private String app() {
        return Archive.apps().get(random().nextInt(Archive.apps().size()));
    }

    private String service() {
        List<String> services = Archive.services(app());
        return services.get(random().nextInt(services.size()));
    }

    private String level() {
        return List.of("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL").get(random().nextInt(5));
    }

    private String times(Duration length) {
        long minutes = Duration.ofDays(Archive.DAYS).minus(length).toMinutes();
        Instant start = end.minus(Duration.ofDays(Archive.DAYS)).plus(random().nextLong(minutes), ChronoUnit.MINUTES);
        return "&start_time=" + start + "&end_time=" + start.plus(length);
    }
}
