package logaggregator.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import logaggregator.support.Eventually;
import org.junit.jupiter.api.condition.EnabledIf;

/** Somebody looks for something in a hundred thousand logs. */
@EnabledIf("logaggregator.explorer.Chromium#isInstalled")
class ExplorerIT {

    private static final int LOGS = 100_000;

    private static ExplorerServer server;
    private static Chromium chromium;

    private Page page;

    @BeforeAll
    static void start() {
        server = new ExplorerServer();
        chromium = new Chromium();
        DemoLogs.send(server.api(), LOGS);
    }

    @AfterAll
    static void stop() {
        chromium.close();
        server.close();
    }

    @BeforeEach
    void open() {
        page = chromium.page();
    }

    @AfterEach
    void close() {
        page.context().close();
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void the_front_door_leads_to_all_logs_of_the_last_hour() {
        page.navigate(server.url("/?q=payment"));

        assertThat(page).hasURL(server.url("/ui/?q=payment"));
        assertThat(search()).hasValue("payment");
        assertThat(rows().first()).containsText("payment");
    }

    @Test
    void fields_and_values_are_completed_while_one_types() {
        show("start_time=-24h");
        page.keyboard().press("/");
        page.keyboard().type("lev");
        assertThat(options().first()).containsText("level");
        page.keyboard().press("ArrowDown");
        page.keyboard().press("Enter");
        assertThat(options()).hasCount(5);
        page.keyboard().type("cri");
        assertThat(options()).hasCount(1);
        page.keyboard().press("ArrowDown");
        assertThat(search()).hasAttribute("aria-activedescendant", "completion-0");
        page.keyboard().press("Enter");
        page.keyboard().press("Enter");

        assertThat(page).hasURL(Pattern.compile("q=level%3ACRITICAL"));
        assertThat(rows().first()).containsText("CRITICAL");
        assertThat(status()).hasText(showing(200, total("level=CRITICAL")));
    }

    @Test
    void what_is_no_search_is_looked_for_as_plain_text() {
        show("start_time=-24h");
        search().fill("failed: ) declined");
        search().press("Enter");
        assertThat(page.getByText("Searched as plain text.")).isVisible();
        assertThat(page.locator(".misread mark")).hasText(")");

        search().fill("failed: card declined");
        search().press("Enter");
        assertThat(rows().first()).containsText("failed: card declined");
    }

    @Test
    void time_is_chosen_shifted_and_zoomed() {
        show("");
        button("Time: Last hour").click();
        page.getByRole(AriaRole.BUTTON, exact("Last 24 hours")).click();
        assertThat(status()).hasText(showing(200, LOGS));
        assertThat(page).hasURL(Pattern.compile("start_time=-24h"));

        button("Earlier").click();
        assertThat(page.getByText("No log matches in this time.")).isVisible();
        button("Later").click();
        assertThat(status()).hasText(showing(200, LOGS));
        button("Zoom out").click();
        assertThat(status()).hasText(showing(200, LOGS));

        page.locator(".time-button").click();
        page.getByLabel("From").fill("2001-02-03 04:05");
        page.getByLabel("To", new Page.GetByLabelOptions().setExact(true)).fill("now");
        page.getByLabel("To", new Page.GetByLabelOptions().setExact(true)).press("Enter");
        assertThat(page).hasURL(Pattern.compile("start_time=2001-02-02T22%3A35%3A00.000Z"));
        assertThat(status()).hasText(showing(200, LOGS));
    }

    @Test
    void dragging_over_the_histogram_looks_closer() {
        show("start_time=-24h");
        assertThat(status()).hasText(showing(200, LOGS));
        BoundingBox plot = page.locator(".u-over").boundingBox();
        page.mouse().move(plot.x + plot.width * 0.6, plot.y + 20);
        page.mouse().down();
        page.mouse().move(plot.x + plot.width * 0.8, plot.y + 20);
        page.mouse().up();

        assertThat(page).hasURL(Pattern.compile("start_time=2\\d{3}.*end_time=2"));
        assertThat(status()).not().hasText(showing(200, LOGS));
        assertThat(status()).hasText(Pattern.compile("Showing 200 of \\d+,\\d+"));
    }

    @Test
    void one_switch_changes_the_zone_of_all_times() {
        show("start_time=-24h");
        String stored = rows().first().locator("time").getAttribute("datetime");
        String local = rows().first().locator("time").innerText();
        button("Time zone: local; switch").click();

        assertThat(page).hasURL(Pattern.compile("tz=utc"));
        assertThat(rows().first().locator("time")).hasText(stored.replaceFirst("^\\d+-(.*)T(.{12}).*$", "$1 $2"));
        assertThat(rows().first().locator("time")).not().hasText(local);
        page.reload();
        assertThat(button("Time zone: UTC; switch")).isVisible();
    }

    @Test
    void older_logs_come_until_the_true_end() {
        int all = total("level=CRITICAL");
        assertThat(all).isGreaterThan(800);
        show("start_time=-24h&q=level:CRITICAL");
        assertThat(status()).hasText(showing(200, all));
        Locator end = page.locator(".end");
        while (!end.innerText().contains("No older logs")) {
            end.scrollIntoViewIfNeeded();
            page.waitForTimeout(50);
        }
        assertThat(rows()).hasCount(all);
        assertThat(status()).hasText(showing(all, all));
        List<?> times = (List<?>) page.evaluate("[...document.querySelectorAll('.row time')].map(t => t.dateTime)");
        assertThat(times).hasSize(all).isSortedAccordingTo((a, b) -> instant(b).compareTo(instant(a)));
    }

    @Test
    void a_log_is_opened_and_its_values_lead_on() {
        show("start_time=-24h&q=%22java.net.SocketTimeoutException%22");
        rows().first().locator(".line").click();
        Locator open = page.locator(".row.open");
        assertThat(open).containsText("shop.Checkout.place(Checkout.java:88)");
        open.getByRole(AriaRole.BUTTON, in("JSON")).first().click();
        assertThat(open.locator(".json")).containsText("\"region\":");
        open.getByRole(AriaRole.BUTTON, in("Copy JSON")).click();
        assertThat((String) page.evaluate("navigator.clipboard.readText()")).contains("\"message\": \"timeout calling");

        open.getByRole(AriaRole.BUTTON, in("Fields")).click();
        open.getByRole(AriaRole.BUTTON, in("Only logs with this region")).click();
        assertThat(search()).hasValue(Pattern.compile("metadata_.region:(eu-west|us-east)$"));
        open.getByRole(AriaRole.BUTTON, in("Only logs without this http.status")).click();
        assertThat(search()).hasValue(Pattern.compile("-metadata_.http.status:(200|404|500)$"));
        assertThat(rows().first()).isVisible();
    }

    @Test
    void a_link_to_one_log_shows_it_in_its_surroundings() {
        show("start_time=-24h&q=level:ERROR");
        rows().nth(150).locator(".line").click();
        page.locator(".row.open").getByRole(AriaRole.BUTTON, in("Copy link")).click();
        String link = (String) page.evaluate("navigator.clipboard.readText()");

        page.navigate(link.replace("ERROR", "CRITICAL"));
        assertThat(page.locator(".linked-head")).containsText("ERROR");
        assertThat(page.locator(".linked .row")).hasCount(21);
        assertThat(page.locator(".linked .this-one .row")).hasCount(1);
        assertThat(page.locator(".rows .row").first()).containsText("CRITICAL");
        page.keyboard().press("Escape");
        assertThat(page.locator(".linked")).hasCount(0);
    }

    @Test
    void values_are_chosen_among_the_most_frequent() {
        show("start_time=-24h");
        Locator fields = page.getByRole(AriaRole.COMPLEMENTARY);
        fields.getByTitle("Only shop").click();
        assertThat(search()).hasValue("app:shop");
        assertThat(status()).hasText(showing(200, total("app=shop")));
        fields.getByTitle("Without checkout").click();
        assertThat(search()).hasValue("app:shop -service:checkout");
        assertThat(status()).hasText(showing(200, total("app=shop&q=NOT%20service:checkout")));
        fields.getByTitle("Only shop").click();
        assertThat(search()).hasValue("-service:checkout");
        fields.getByText("user", new Locator.GetByTextOptions().setExact(true)).click();
        fields.getByTitle("Only anna").click();
        assertThat(rows().first()).isVisible();
        assertThat(search()).hasValue("-service:checkout metadata_.user:anna");
    }

    @Test
    void what_is_shared_shows_the_same() {
        show("start_time=-2h&q=level:(ERROR OR CRITICAL)");
        assertThat(status()).hasText(Pattern.compile("Showing \\d+ of .*"));
        List<String> shown = rows().allInnerTexts();
        String counted = status().innerText();
        button("Share").click();
        assertThat(page.getByText("Link copied")).isVisible();
        String link = (String) page.evaluate("navigator.clipboard.readText()");
        server.api().ingest("{\"level\":\"ERROR\",\"message\":\"later\",\"service\":\"s\",\"app\":\"late\"}", "Prefer", "wait");

        page.navigate(link);
        assertThat(status()).hasText(counted);
        assertThat(rows().allInnerTexts()).isEqualTo(shown);
        server.api().delete("/api/v1/apps/" + server.api().get("/api/v1/apps/?name=late").body().get(0).get("id"));
    }

    @Test
    void what_is_exported_is_what_was_found() throws IOException {
        int all = total("level=CRITICAL");
        show("start_time=-24h&q=level:CRITICAL");
        assertThat(status()).hasText(showing(200, all));
        try (Stream<String> lines = Files.lines(export("NDJSON").path())) {
            assertThat(lines).hasSize(all).allMatch(line -> line.contains("\"CRITICAL\""));
        }
        try (Stream<String> lines = Files.lines(export("CSV").path())) {
            assertThat(lines).hasSize(all + 1);
        }
        assertThat(Files.readString(export("Parquet").path(), ISO_8859_1))
                .startsWith("PAR1")
                .endsWith("PAR1");
    }

    private Download export(String format) {
        button("Export all that was found").click();
        return page.waitForDownload(() ->
                page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(format)).click());
    }

    @Test
    void everything_is_done_by_keys() {
        show("start_time=-24h");
        page.keyboard().press("j");
        page.keyboard().press("j");
        page.keyboard().press("k");
        page.keyboard().press("j");
        page.keyboard().press("Enter");
        assertThat(rows().nth(1)).hasClass(Pattern.compile("open"));
        assertThat(rows().nth(1)).isFocused();
        page.keyboard().press("Escape");
        assertThat(page.locator(".row.open")).hasCount(0);
        page.keyboard().press("?");
        assertThat(page.getByRole(AriaRole.DIALOG)).isVisible();
        page.keyboard().press("Escape");
        assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
        page.keyboard().press("/");
        assertThat(search()).isFocused();
    }

    @Test
    void an_alert_on_a_search_is_there_to_be_pasted() {
        show("q=level:ERROR \"card declined\"");
        button("Alert").click();
        assertThat(page.locator(".yaml")).containsText("match: {q: \"level:ERROR \\\"card declined\\\"\"}");
        assertThat(page.locator(".yaml")).containsText("threshold: \">= 10\"");
    }

    @Test
    void a_search_that_takes_long_is_ended_in_the_database_too() {
        show("start_time=-24h");
        assertThat(status()).hasText(showing(200, LOGS));
        String asking = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '/* query %'";
        try (HeldTable held = new HeldTable(server.database().jdbcUrl())) {
            search().fill("order");
            search().press("Enter");
            Locator cancel = page.getByRole(AriaRole.BUTTON, exact("Cancel"));
            assertThat(cancel).isVisible();
            Eventually.passes(
                    () -> assertThat(server.database().number(asking)).isPositive());
            cancel.click();
            assertThat(page.getByText("Cancelled.").first()).isVisible();
            Eventually.passes(
                    () -> assertThat(server.database().number(asking)).isZero());
        }
        page.getByRole(AriaRole.BUTTON, exact("Try again")).first().click();
        assertThat(status()).hasText(Pattern.compile("Showing \\d+ of .*"));
    }

    @Test
    void a_database_that_is_away_is_named() {
        show("start_time=-24h");
        page.route("**/api/v1/logs?*", route -> route.fulfill(new Route.FulfillOptions()
                .setStatus(503)
                .setContentType("application/problem+json")
                .setBody("{\"status\":503,\"code\":\"db_unavailable\",\"detail\":\"the database can't be used\"}")));
        button("Search again").click();
        assertThat(page.getByText("PostgreSQL is away.")).isVisible();
        page.unroute("**/api/v1/logs?*");
        page.getByRole(AriaRole.BUTTON, exact("Try again")).click();
        assertThat(rows().first()).isVisible();
    }

    @Test
    void a_telephone_is_wide_enough() {
        page.setViewportSize(360, 740);
        show("start_time=-24h");
        assertThat(rows().first()).isVisible();
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
        rows().first().locator(".line").click();
        assertThat(page.locator(".row.open .field-table")).isVisible();
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
    }

    private void show(String parameters) {
        page.navigate(server.url("/ui/?" + parameters.replace(" ", "%20").replace("\"", "%22")));
    }

    private Locator search() {
        return page.getByRole(AriaRole.COMBOBOX, new Page.GetByRoleOptions().setName("Search"));
    }

    private Locator options() {
        return page.getByRole(AriaRole.OPTION);
    }

    private Locator rows() {
        return page.locator(".rows .row");
    }

    private Locator status() {
        return page.locator(".summary [role=status]");
    }

    private Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Page.GetByRoleOptions exact(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    private static Locator.GetByRoleOptions in(String name) {
        return new Locator.GetByRoleOptions().setName(name).setExact(true);
    }

    private static int total(String filter) {
        return server.api().get("/api/v1/stats/?" + filter).body().get("total_logs").asInt();
    }

    private static String showing(int shown, int all) {
        return "Showing %,d of %,d".formatted(shown, all);
    }

    private static Instant instant(Object time) {
        return Instant.parse((String) time);
    }
}
