package routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import logaggregator.store.SchemaException;
import logaggregator.store.StoreSchema;
import org.apache.camel.ServiceStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MaintenanceRouteTest extends RouteTest {

    private static final List<String> IN_EVERY_PROCESS = List.of(
            "watch-health",
            "revive-embedded",
            "migrate-schema",
            "note-ledger",
            "load-keys",
            "measure-servers",
            "watch-evaluations",
            "sum-up-failures");
    private static final List<String> OF_WORKERS = List.of(
            "trim-queue",
            "publish-dead-letters",
            "move-dead-letters",
            "remove-deleted-apps",
            "remove-expired-logs",
            "fold-counts",
            "prepare-days",
            "refresh-indexes",
            "index-closed-days",
            "thin-recent-counts",
            "measure-store",
            "prune-receipts");

    private static final List<String> OF_NOTIFIERS = List.of("load-channels", "end-stuck-deliveries");
    private static final List<String> OF_APIS =
            List.of("remind-of-open-door", "measure-queue", "check-sessions", "prune-sessions");
    private static final String OF_ALERTS = "prune-alerts";

    private final List<String> calls = new ArrayList<>();
    private final Map<String, String> reported = new HashMap<>();
    private final Faults faults = new Faults();

    MaintenanceRouteTest() {
        super(new ErrorPolicies(), new MaintenanceRoute());
        bind("healthMonitor", new FakeHealth());
        bind("embeddedServices", new FakeServers());
        bind("storeSchema", (StoreSchema) () -> note("storeSchema.migrate"));
        bind("deadLetters", new FakeSurplus());
        bind("ledgerBook", new FakeBook());
        bind("logQueue", new FakeQueue(calls, faults));
        bind("storeMaintenance", new FakeMaintenance(calls, faults));
        bind("logRemoval", new FakeRemoval());
        bind("storeIndexes", new FakeIndexes());
        bind("backpressure", new FakeBackpressure());
        bind("apiKeys", new FakeKeys());
        bind("sessions", new FakeSessions());
        bind("gauges", new FakeGauges());
        bind("repeatedFailures", new FakeSummary());
        bind("alertBook", new FakeAlerts());
        bind("evaluationWatch", new FakeWatch());
        bind("door", new FakeDoor());
        bind("channelLoader", new FakeLoader());
        bind("notifyThreads", new FakeThreads());
        feed(OF_ALERTS, "direct:" + OF_ALERTS);
        OF_APIS.forEach(id -> feed(id, "direct:" + id));
        IN_EVERY_PROCESS.forEach(id -> feed(id, "direct:" + id));
        OF_WORKERS.forEach(id -> feed(id, "direct:" + id));
        OF_NOTIFIERS.forEach(id -> feed(id, "direct:" + id));
    }

    /** Stands in for who says that everybody may come. */
    public final class FakeDoor {
        public void remind() {
            note("door.remind");
        }
    }

    /** Stands in for what watches evaluations. */
    public final class FakeWatch {
        public void look() {
            note("evaluationWatch.look");
        }
    }

    /** Stands in for the health monitor. */
    public final class FakeHealth {
        public void check() {
            note("healthMonitor.check");
        }

        public void reportTrouble(String part, Exception cause) {
            reported.put(part, cause.getMessage());
        }
    }

    /** Stands in for the dead letters. */
    public final class FakeSurplus {
        public void publish() {
            note("deadLetters.publish");
        }

        public void moveSurplus() {
            note("deadLetters.moveSurplus");
        }
    }

    /** Stands in for the ledger. */
    public final class FakeBook {
        public void note() {
            MaintenanceRouteTest.this.note("ledgerBook.note");
        }
    }

    /** Stands in for what removes logs. */
    public final class FakeRemoval {
        public void removeDeletedApps() {
            note("logRemoval.removeDeletedApps");
        }

        public void removeExpired() {
            note("logRemoval.removeExpired");
        }
    }

    /** Stands in for the embedded servers. */
    public final class FakeServers {
        public void revive() {
            note("embeddedServices.revive");
        }
    }

    /** Stands in for the indexes. */
    public final class FakeIndexes {
        public void refresh() {
            note("storeIndexes.refresh");
        }

        public void indexClosedDays() {
            note("storeIndexes.indexClosedDays");
        }
    }

    /** Stands in for the keys. */
    public final class FakeKeys {
        public void load() {
            note("apiKeys.load");
        }

        public void pruneSessions() {
            note("apiKeys.pruneSessions");
        }
    }

    /** Stands in for the sessions. */
    public final class FakeSessions {
        public void check() {
            note("sessions.check");
        }
    }

    /** Stands in for what is measured. */
    public final class FakeGauges {
        public void measure() {
            note("gauges.measure");
        }

        public void measureStore() {
            note("gauges.measureStore");
        }
    }

    /** Stands in for what keeps the log short. */
    public final class FakeSummary {
        public void tell() {
            note("repeatedFailures.tell");
        }
    }

    /** Stands in for the history of alerts. */
    public final class FakeAlerts {
        public void prune() {
            note("alertBook.prune");
        }
    }

    /** Stands in for what reads the operator's folder. */
    public final class FakeLoader {
        public void scan() {
            note("channelLoader.scan");
        }
    }

    /** Stands in for the threads of deliveries. */
    public final class FakeThreads {
        public void interruptOverdue() {
            note("notifyThreads.interruptOverdue");
        }
    }

    /** Stands in for what measures the queue. */
    public final class FakeBackpressure {
        public void measure() {
            note("backpressure.measure");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "measure-queue, backpressure.measure",
        "load-keys, apiKeys.load",
        "measure-servers, gauges.measure",
        "watch-evaluations, evaluationWatch.look",
        "remind-of-open-door, door.remind",
        "measure-store, gauges.measureStore",
        "sum-up-failures, repeatedFailures.tell",
        "check-sessions, sessions.check",
        "prune-sessions, apiKeys.pruneSessions",
        "load-channels, channelLoader.scan",
        "end-stuck-deliveries, notifyThreads.interruptOverdue",
        "watch-health, healthMonitor.check",
        "revive-embedded, embeddedServices.revive",
        "migrate-schema, storeSchema.migrate",
        "trim-queue, logQueue.trim",
        "publish-dead-letters, deadLetters.publish",
        "move-dead-letters, deadLetters.moveSurplus",
        "note-ledger, ledgerBook.note",
        "remove-deleted-apps, logRemoval.removeDeletedApps",
        "remove-expired-logs, logRemoval.removeExpired",
        "fold-counts, storeMaintenance.foldCounts",
        "prepare-days, storeMaintenance.prepareDays",
        "refresh-indexes, storeIndexes.refresh",
        "index-closed-days, storeIndexes.indexClosedDays",
        "thin-recent-counts, storeMaintenance.thinRecentCounts",
        "prune-alerts, alertBook.prune",
        "prune-receipts, storeMaintenance.pruneReceipts",
    })
    void each_tick_does_its_work(String route, String call) {
        assertThat(send("direct:" + route, null).getException()).isNull();
        assertThat(calls).containsExactly(call);
    }

    @ParameterizedTest
    @MethodSource("everyRoute")
    void the_next_tick_tries_again_what_was_not_possible(String route) {
        faults.unavailable(1);

        assertThat(send("direct:" + route, null).getException()).isNull();
        assertThat(send("direct:" + route, null).getException()).isNull();
        assertThat(calls).hasSize(2);
        assertThat(context.getRouteController().getRouteStatus(route)).isEqualTo(ServiceStatus.Started);
    }

    @ParameterizedTest
    @MethodSource("everyRoute")
    void a_fault_of_the_program_does_not_end_a_route(String route) {
        faults.add(new IllegalStateException("a bug"));
        send("direct:" + route, null);

        assertThat(send("direct:" + route, null).getException()).isNull();
        assertThat(calls).hasSize(2);
    }

    @Test
    void a_schema_that_cant_be_made_is_told_with_its_reason() {
        faults.add(new SchemaException("no room", new IllegalStateException()));

        assertThat(send("direct:migrate-schema", null).getException()).isNull();
        assertThat(reported).containsExactly(Map.entry("schema", "no room"));
    }

    @Test
    void only_workers_tidy_up() throws Exception {
        assertThat(maintenanceOf("api"))
                .containsAll(IN_EVERY_PROCESS)
                .containsAll(OF_APIS)
                .doesNotContainAnyElementsOf(OF_WORKERS);
        assertThat(maintenanceOf("alerts"))
                .containsAll(IN_EVERY_PROCESS)
                .contains(OF_ALERTS)
                .containsAll(OF_NOTIFIERS)
                .hasSize(IN_EVERY_PROCESS.size() + OF_NOTIFIERS.size() + 1);
        assertThat(maintenanceOf("worker")).containsAll(IN_EVERY_PROCESS).containsAll(OF_WORKERS);
    }

    static Stream<String> everyRoute() {
        return Stream.of(IN_EVERY_PROCESS, OF_WORKERS, OF_NOTIFIERS, OF_APIS, List.of(OF_ALERTS))
                .flatMap(List::stream);
    }

    private static List<String> maintenanceOf(String roles) throws Exception {
        return AllRoutes.started(AllRoutes.load(roles, List.of(new MaintenanceRoute())));
    }

    private void note(String call) {
        calls.add(call);
        faults.strike();
    }
}
