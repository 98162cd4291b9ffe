package logaggregator.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static logaggregator.explorer.OnPage.button;
import static logaggregator.explorer.OnPage.options;
import static logaggregator.explorer.OnPage.rows;
import static logaggregator.explorer.OnPage.search;
import static logaggregator.explorer.OnPage.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.Route;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import logaggregator.support.Eventually;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Something keeps somebody from seeing what they look for. */
@Tag("browser")
class TroubleIT {

    private static final Duration BEFORE_THE_TIMEOUT = Duration.ofSeconds(ExplorerServer.QUERY_TIMEOUT_SECONDS - 5);

    @RegisterExtension
    static final Explorer explorer = Explorer.shared();

    private final Page page;

    TroubleIT(Page page) {
        this.page = page;
    }

    @Test
    void a_search_that_takes_long_is_ended_in_the_database_too() {
        page.navigate("/ui/?start_time=-24h");
        assertThat(rows(page)).hasCount(200);
        try (HeldTable held = new HeldTable(explorer.database().jdbcUrl())) {
            search(page).fill("order");
            search(page).press("Enter");
            Eventually.holds(() -> asking() > 0);
            Response ended = page.waitForResponse(
                    answer -> answer.url().contains("/api/v1/queries/"),
                    () -> button(page, "Cancel").click());
            assertThat(ended.text()).matches("\\{\"cancelled\":[1-9]}");
            assertThat(page.getByText("Cancelled.").first()).isVisible();
            assertThat(rows(page)).hasCount(0);
            Eventually.holds(() -> asking() == 0);
        }
        button(page, "Try again").first().click();
        assertThat(status(page)).hasText(Pattern.compile("Showing \\d+ of .*"));
    }

    @Test
    void what_nobody_waits_for_any_more_is_ended_in_the_database() {
        page.navigate("/ui/?start_time=-24h");
        assertThat(rows(page)).hasCount(200);
        try (HeldTable held = new HeldTable(explorer.database().jdbcUrl())) {
            search(page).fill("order");
            search(page).press("Enter");
            Eventually.holds(() -> asking() > 0);
            page.navigate("about:blank");
            Awaitility.await().atMost(BEFORE_THE_TIMEOUT).until(() -> asking() == 0);
        }
    }

    /** How many queries of readers the database works on, or holds up. */
    private static long asking() {
        return explorer.database()
                .number("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '/* query %'");
    }

    @Test
    void a_clock_that_is_behind_hides_nothing() {
        page.clock().setSystemTime(System.currentTimeMillis() - 600_000);
        String record = "{\"level\":\"INFO\",\"message\":\"just now\",\"service\":\"s\",\"app\":\"fresh\"}";
        explorer.api().ingest(record, "Prefer", "wait");
        page.navigate("/ui/?q=app:fresh");
        assertThat(rows(page)).hasCount(1);
    }

    @Test
    void answers_that_are_long_under_way_hide_nothing() {
        page.addInitScript("""
                const ask = window.fetch;
                window.fetch = async (...question) => {
                    const answer = await ask(...question);
                    await new Promise((done) => setTimeout(done, 4000));
                    return answer;
                };""");
        page.navigate("/ui/?q=app:fresh");
        assertThat(page.getByText("No log matches in this time.")).isVisible();
        String record = "{\"level\":\"INFO\",\"message\":\"just now\",\"service\":\"s\",\"app\":\"fresh\"}";
        explorer.api().ingest(record, "Prefer", "wait");
        button(page, "Search again").click();
        assertThat(rows(page)).hasCount(1);
    }

    @Test
    void what_is_wrong_is_said_with_what_to_do() {
        fails(
                route -> route.fulfill(problem(503, "db_unavailable")),
                "PostgreSQL is away. Logs are still accepted, and can be seen when it is back.");
        fails(
                route -> route.fulfill(problem(504, "query_timeout")),
                "Choose a shorter time, or narrow the search by app, service or level.");
        fails(Route::abort, "Is the service running, and the network up?");
    }

    @Test
    void what_cannot_be_counted_hides_nothing_else() {
        page.route("**/api/v1/stats/fields?*", route -> route.fulfill(problem(504, "query_timeout")));
        page.navigate("/ui/?start_time=-24h");
        assertThat(page.locator(".fields").getByText("The search took too long and was ended."))
                .isVisible();
        assertThat(page.locator(".legend-total")).hasText("%,d logs".formatted(DemoLogs.MANY));
        assertThat(rows(page)).hasCount(200);
    }

    @Test
    void older_logs_can_be_tried_again() {
        String older = "**/api/v1/logs?*limit=500*";
        page.route(older, route -> route.fulfill(problem(504, "query_timeout")));
        page.navigate("/ui/?start_time=-24h");
        assertThat(rows(page)).hasCount(200);
        Locator end = page.locator(".end");
        end.scrollIntoViewIfNeeded();
        assertThat(end).containsText("The search took too long and was ended.");
        assertThat(rows(page)).hasCount(200);

        page.unroute(older);
        button(end, "Try again").click();
        assertThat(rows(page)).not().hasCount(200);
        assertThat(page.getByText("The search took too long and was ended.")).hasCount(0);
    }

    @Test
    void an_export_that_fails_says_why() {
        page.route("**/api/v1/logs/export?*", route -> route.fulfill(problem(504, "query_timeout")));
        page.navigate("/ui/?start_time=-24h");
        button(page, "Export all that was found").click();
        page.locator("#export-menu").getByText("NDJSON").click();
        assertThat(page.locator("#export-menu")).containsText("The search took too long and was ended.");
    }

    @Test
    void a_time_that_cannot_be_read_is_named() {
        page.navigate("/ui/?start_time=yesterday");
        assertThat(page.getByText("The time in the address can’t be read: yesterday"))
                .isVisible();
    }

    @Test
    void fields_can_be_completed_before_their_values_are_counted() {
        page.route("**/api/v1/stats/fields?*", route -> {});
        page.navigate("/ui/?start_time=-24h");
        assertThat(rows(page)).hasCount(200);
        search(page).fill("lev");
        assertThat(options(page).first()).containsText("level");
        search(page).press("Escape");
        button(page, "Cancel").click();
        assertThat(page.locator(".fields").getByText("Cancelled.")).isVisible();
        assertThat(rows(page)).hasCount(200);
    }

    private void fails(Consumer<Route> answer, String advice) {
        page.route("**/api/v1/logs?*", answer);
        page.navigate("/ui/?start_time=-24h");
        assertThat(page.getByText(advice)).isVisible();
        page.unroute("**/api/v1/logs?*");
        button(page, "Try again").click();
        assertThat(rows(page)).hasCount(200);
    }

    private static Route.FulfillOptions problem(int status, String code) {
        return new Route.FulfillOptions()
                .setStatus(status)
                .setContentType("application/problem+json")
                .setBody("{\"status\":%d,\"code\":\"%s\",\"detail\":\"for people\"}".formatted(status, code));
    }
}
