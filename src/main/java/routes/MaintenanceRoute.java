package routes;

import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import org.springframework.stereotype.Component;

/** Does from time to time what keeps queue and store in shape; all of it may run in many processes at once. */
@Component
public class MaintenanceRoute extends RouteBuilder {

    @Override
    public void configure() {
        // @formatter:off
        every("2s", "watch-health", "healthMonitor", "check");
        every("2s", "revive-embedded", "embeddedServices", "revive");
        every("5s", "measure-servers", "gauges", "measure");
        every("10s", "sum-up-failures", "repeatedFailures", "tell");
        every("5s", "watch-evaluations", "evaluationWatch", "look");

        every("500ms", "measure-queue", "backpressure", "measure").precondition("'{{app.roles}}' contains 'api'");

        // also for the management port, which every process has
        every("2s", "load-keys", "apiKeys", "load");
        every("2s", "check-sessions", "sessions", "check").precondition("'{{app.roles}}' contains 'api'");
        every("60s", "remind-of-open-door", "door", "remind").precondition("'{{app.roles}}' contains 'api'");
        every("10m", "prune-sessions", "apiKeys", "pruneSessions").precondition("'{{app.roles}}' contains 'api'");

        every("1s", "load-channels", "channelLoader", "scan").precondition("'{{app.roles}}' != 'worker'");
        every("1s", "end-stuck-deliveries", "notifyThreads", "interruptOverdue").precondition("'{{app.roles}}' != 'worker'");

        every("5s", "migrate-schema", "storeSchema", "migrate");
        // not left to workers: what waits because there is none would be lost unseen with its queue
        every("5s", "note-ledger", "ledgerBook", "note");

        every("5s", "trim-queue", "logQueue", "trim").precondition("'{{app.roles}}' contains 'worker'");
        every("5s", "publish-dead-letters", "deadLetters", "publish").precondition("'{{app.roles}}' contains 'worker'");
        every("5s", "move-dead-letters", "deadLetters", "moveSurplus").precondition("'{{app.roles}}' contains 'worker'");
        every("2s", "remove-deleted-apps", "logRemoval", "removeDeletedApps").precondition("'{{app.roles}}' contains 'worker'");
        every("30s", "remove-expired-logs", "logRemoval", "removeExpired").precondition("'{{app.roles}}' contains 'worker'");
        every("60s", "fold-counts", "storeMaintenance", "foldCounts").precondition("'{{app.roles}}' contains 'worker'");
        every("60s", "measure-store", "gauges", "measureStore").precondition("'{{app.roles}}' contains 'worker'");
        every("60s", "thin-recent-counts", "storeMaintenance", "thinRecentCounts").precondition("'{{app.roles}}' contains 'worker'");
        every("10m", "prepare-days", "storeMaintenance", "prepareDays").precondition("'{{app.roles}}' contains 'worker'");
        every("10s", "refresh-indexes", "storeIndexes", "refresh").precondition("'{{app.roles}}' contains 'worker'");
        every("10m", "index-closed-days", "storeIndexes", "indexClosedDays").precondition("'{{app.roles}}' contains 'worker'");
        every("1h", "prune-receipts", "logQueue", "oldestArrival").precondition("'{{app.roles}}' contains 'worker'")
                .bean("storeMaintenance", "pruneReceipts").id("prune");
        every("1h", "prune-alerts", "alertBook", "prune").precondition("'{{app.roles}}' contains 'alerts'");
        // @formatter:on
    }

    private RouteDefinition every(String period, String id, String bean, String method) {
        // not a timer: that one stands still for an hour when the clock is set back by one
        RouteDefinition route = from("scheduler:" + id + "?initialDelay=0&delay=" + period)
                .routeId(id)
                .routeGroup("maintenance")
                .routeConfigurationId("maintenance");
        route.bean(bean, method).id(id + "-run");
        return route;
    }
}
