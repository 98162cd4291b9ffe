package logaggregator.chaos;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import logaggregator.chaos.LetterPage.Letter;
import logaggregator.support.Api;
import logaggregator.support.Api.Answer;

/**
 * People who look after dead letters while things break: they replay one or several, discard one, and make the
 * applications that late records need.
 */
final class Operators {

    private static final int LETTERS_LOOKED_AT = 50;
    private static final int LONGEST_GAP_MS = 500;
    private static final Duration RECENTLY = Duration.ofSeconds(3);

    private final Cluster cluster;
    private final Ledger ledger;
    private final List<Api> apis;
    private final List<String> problems;
    private final BooleanSupplier stopping;
    private final AtomicInteger replayed = new AtomicInteger();
    private final AtomicInteger lateApps = new AtomicInteger();

    Operators(Cluster cluster, Ledger ledger, List<Api> apis, List<String> problems, BooleanSupplier stopping) {
        this.cluster = cluster;
        this.ledger = ledger;
        this.apis = apis;
        this.problems = problems;
        this.stopping = stopping;
    }

    /** What one of them does all day. */
    void work(Random random) {
        while (!stopping.getAsBoolean()) {
            Pause.millis(random.nextInt(LONGEST_GAP_MS));
            Api api = apis.get(random.nextInt(apis.size()));
            try {
                makeLateApps();
                lookAfterLetters(api, random);
            } catch (UncheckedIOException | IllegalStateException e) {
                // no answer, or no database: another time
            }
        }
    }

    /** How many letters were replayed, as far as that was answered. */
    int replayed() {
        return replayed.get();
    }

    /** Those whose numbers are all given away: most of their records are dead letters by then. */
    private void makeLateApps() {
        int app = lateApps.get();
        if (NumberedRecord.lateApp(ledger.size()) > app + 1) {
            cluster.database()
                    .execute("INSERT INTO apps (id, name) VALUES (" + NumberedRecord.lateAppId(app) + ", '"
                            + NumberedRecord.lateAppName(app) + "') ON CONFLICT DO NOTHING");
            lateApps.compareAndSet(app, app + 1);
        }
    }

    private void lookAfterLetters(Api api, Random random) {
        if (random.nextInt(10) == 0) {
            replayRecent(api);
            return;
        }
        Answer list = api.get("/api/v1/dlq/?limit=" + LETTERS_LOOKED_AT);
        if (!isAnswered(list, "the list of dead letters")) {
            return;
        }
        List<Letter> letters = LetterPage.of(list).letters();
        if (letters.isEmpty()) {
            return;
        }
        // mostly one of a few, so that two operators often want the same one
        Letter letter =
                letters.get(random.nextInt(Math.min(letters.size(), random.nextBoolean() ? 3 : LETTERS_LOOKED_AT)));
        if (random.nextInt(3) == 0) {
            discard(api, letter);
        } else {
            replay(api, letter);
        }
    }

    private void replay(Api api, Letter letter) {
        Answer answer = api.post("/api/v1/dlq/" + letter.id() + "/replay", new byte[0]);
        if (isAnswered(answer, "replay of " + letter)) {
            replayed.addAndGet(answer.body().path("replayed").asInt());
        }
    }

    private void replayRecent(Api api) {
        String since = Instant.now().minus(RECENTLY).toString();
        Answer answer = api.post("/api/v1/dlq/replay?reason=unknown_app&start_time=" + since, new byte[0]);
        if (isAnswered(answer, "replay of all since " + since)) {
            replayed.addAndGet(answer.body().path("replayed").asInt());
        }
    }

    private void discard(Api api, Letter letter) {
        ledger.discard(letter.number(), Ledger.Discard.PERHAPS);
        Answer answer = api.delete("/api/v1/dlq/" + letter.id());
        if (answer.status() == 200) {
            ledger.discard(letter.number(), Ledger.Discard.YES);
        } else {
            isAnswered(answer, "discard of " + letter);
        }
    }

    /** Another operator may have been faster: 404. */
    private boolean isAnswered(Answer answer, String question) {
        if (answer.status() != 200 && answer.status() != 404 && answer.status() != 503 && answer.status() != 504) {
            problems.add("status " + answer.status() + " for " + question + ": " + answer.body());
        }
        return answer.status() == 200;
    }
}
