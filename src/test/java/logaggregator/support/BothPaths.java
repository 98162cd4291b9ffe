package logaggregator.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Load on both ways into the database, until requests are accepted: over the queue, and straight from the door. */
public final class BothPaths implements AutoCloseable {

    private static final int PROGRESS = 1_000;

    private final String queuedApp;
    private final String directApp;
    private final Sender queued;
    private final Sender direct;

    /**
     * @param service accepts and stores
     * @param withoutRedis has the same database
     */
    public BothPaths(InProcessApp service, InProcessApp withoutRedis, String app) {
        queuedApp = app + " queued";
        directApp = app + " direct";
        queued = new Sender(service.api(), queuedApp, true);
        direct = new Sender(withoutRedis.api(), directApp, true);
    }

    /** Waits until more is stored on both. */
    public void awaitProgress(Database database) {
        for (String app : List.of(queuedApp, directApp)) {
            long before = database.logs(app);
            Eventually.holds(() -> database.logs(app) > before + PROGRESS);
        }
    }

    /** Waits until the queue takes more. */
    public void awaitAccepted() {
        int before = queued.records();
        Eventually.holds(() -> queued.records() > before + PROGRESS);
    }

    /** Waits until the door refuses what it can't store. */
    public void awaitRefused() {
        int before = direct.answers().size();
        Eventually.holds(() -> direct.answers().stream().skip(before).anyMatch(answer -> answer.status() == 503));
    }

    /** Ends the load and waits until each record is stored, and stored once. */
    public void assertStoredOnce(Database database) {
        close();
        assertThat(queued.answers()).allMatch(answer -> answer.status() == 200);
        assertThat(direct.answers()).allMatch(answer -> answer.status() == 200 || answer.status() == 503);
        assertStoredOnce(database, queuedApp, queued.records());
        assertStoredOnce(database, directApp, direct.records());
    }

    private static void assertStoredOnce(Database database, String app, int records) {
        database.awaitAll(app, records);
        assertThat(database.logs(app)).isEqualTo(records);
    }

    @Override
    public void close() {
        queued.close();
        direct.close();
    }
}
