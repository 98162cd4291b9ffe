package routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RolesTest {

    private static final List<String> EVERYWHERE = List.of(
            "watch-health",
            "revive-embedded",
            "migrate-schema",
            "note-ledger",
            "load-keys",
            "measure-servers",
            "watch-evaluations",
            "sum-up-failures");
    private static final List<String> API = List.of(
            "ingest-json",
            "recognise",
            "accept",
            "append-directly",
            "measure-queue",
            "check-sessions",
            "remind-of-open-door",
            "prune-sessions",
            "welcome");
    private static final List<String> NOTIFYING =
            List.of("notify", "tell-channel", "notify-print", "load-channels", "end-stuck-deliveries");
    private static final List<String> WORKER = List.of(
            "read-queue-1",
            "read-queue-2",
            "store",
            "dead-letter",
            "trim-queue",
            "publish-dead-letters",
            "move-dead-letters",
            "remove-deleted-apps",
            "remove-expired-logs",
            "fold-counts",
            "refresh-indexes",
            "index-closed-days",
            "prepare-days",
            "thin-recent-counts",
            "measure-store",
            "prune-receipts");
    private static final List<String> ALERTS = List.of(
            "alert-tick",
            "alert-overdue",
            "alert",
            "deliver-alert",
            "deliver-to-channel",
            "note-alerts",
            "keep-alerts",
            "note-alert",
            "prune-alerts");

    @Test
    void the_api_receives() throws Exception {
        assertThat(routes("api")).isEqualTo(union(EVERYWHERE, API, NOTIFYING));
    }

    @Test
    void a_worker_stores() throws Exception {
        assertThat(routes("worker")).isEqualTo(union(EVERYWHERE, WORKER));
    }

    @Test
    void alerts_are_a_role_of_their_own() throws Exception {
        assertThat(routes("alerts")).isEqualTo(union(EVERYWHERE, ALERTS, NOTIFYING));
    }

    @Test
    void one_process_can_have_several_roles() throws Exception {
        assertThat(routes("api,worker,alerts")).isEqualTo(union(EVERYWHERE, API, WORKER, ALERTS, NOTIFYING));
    }

    private static Set<String> routes(String roles) throws Exception {
        Set<String> ids = new TreeSet<>(AllRoutes.started(AllRoutes.inJava(roles)));
        ids.addAll(AllRoutes.started(AllRoutes.inYaml(roles)));
        return ids;
    }

    @SafeVarargs
    private static Set<String> union(List<String>... ids) {
        return new TreeSet<>(Stream.of(ids).flatMap(List::stream).toList());
    }
}
