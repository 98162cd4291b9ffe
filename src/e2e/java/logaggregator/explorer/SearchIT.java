package logaggregator.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static logaggregator.explorer.OnPage.button;
import static logaggregator.explorer.OnPage.clipboard;
import static logaggregator.explorer.OnPage.field;
import static logaggregator.explorer.OnPage.options;
import static logaggregator.explorer.OnPage.rows;
import static logaggregator.explorer.OnPage.search;
import static logaggregator.explorer.OnPage.showing;
import static logaggregator.explorer.OnPage.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import java.io.IOException;
import java.nio.file.Files;
import java.time.LocalTime;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Somebody looks for something in a hundred thousand logs. */
@Tag("browser")
class SearchIT {

    @RegisterExtension
    static final Explorer explorer = Explorer.shared();

    private final Page page;

    SearchIT(Page page) {
        this.page = page;
    }

    @Test
    void the_front_door_leads_to_all_logs_of_the_last_hour() {
        page.navigate("/?q=payment");

        assertThat(page).hasURL("/ui/?q=payment");
        assertThat(search(page)).hasValue("payment");
        assertThat(rows(page).first()).containsText("payment");
    }

    @Test
    void fields_and_values_are_completed_while_one_types() {
        page.navigate("/ui/?start_time=-24h");
        page.keyboard().press("/");
        page.keyboard().type("lev");
        assertThat(options(page).first()).containsText("level");
        page.keyboard().press("ArrowDown");
        page.keyboard().press("Enter");
        assertThat(options(page)).hasCount(5);
        page.keyboard().type("cri");
        assertThat(options(page)).hasCount(1);
        page.keyboard().press("ArrowDown");
        assertThat(search(page)).hasAttribute("aria-activedescendant", "completion-0");
        page.keyboard().press("Enter");
        page.keyboard().press("Enter");

        assertThat(page).hasURL(Pattern.compile("q=level%3ACRITICAL"));
        assertThat(rows(page).first()).containsText("CRITICAL");
        assertThat(status(page)).hasText(showing(200, total("level=CRITICAL")));
    }

    @Test
    void what_is_no_search_is_looked_for_as_plain_text() {
        page.navigate("/ui/?start_time=-24h");
        search(page).fill("failed: ) declined");
        search(page).press("Enter");
        assertThat(page.getByText("Searched as plain text.")).isVisible();
        assertThat(page.locator(".misread mark")).hasText(")");
        page.navigate("/ui/?start_time=-24h&q=%20%20failed: ) declined");
        assertThat(page.locator(".misread mark")).hasText(")");

        search(page).fill("failed: card declined");
        search(page).press("Enter");
        assertThat(rows(page).first()).containsText("failed: card declined");
        page.getByRole(AriaRole.COMPLEMENTARY).getByTitle("Only shop").click();
        assertThat(search(page)).hasValue("\"failed: card declined\" app:shop");
        assertThat(rows(page).first()).containsText("shop");
        assertThat(rows(page).first().locator("mark")).hasText("failed: card declined");
    }

    @Test
    void what_was_looked_for_is_marked() {
        page.navigate("/ui/?start_time=-24h&q=level:ERROR (Inventory OR nothing*) -declined");
        assertThat(rows(page).first().locator("mark").first()).hasText("inventory");
        assertThat(rows(page).first().locator("mark").nth(1)).hasText("Inventory");
        rows(page).first().locator(".line").click();
        assertThat(page.locator(".whole-message mark")).hasCount(3);
        assertThat(page.locator("mark").getByText("declined")).hasCount(0);

        page.navigate("/ui/?start_time=-24h&q=level:ERROR pay*?ailed");
        assertThat(rows(page).first().locator("mark")).hasText(Pattern.compile("^payment \\d+ failed$"));
    }

    @Test
    void time_is_chosen_shifted_and_zoomed() {
        page.navigate("/ui/");
        button(page, "Time: Last hour").click();
        button(page, "Last 24 hours").click();
        assertThat(status(page)).hasText(showing(200, DemoLogs.MANY));
        assertThat(page).hasURL(Pattern.compile("start_time=-24h"));

        button(page, "Earlier").click();
        assertThat(page.getByText("No log matches in this time.")).isVisible();
        button(page, "Later").click();
        assertThat(status(page)).hasText(showing(200, DemoLogs.MANY));
        button(page, "Zoom out").click();
        assertThat(status(page)).hasText(showing(200, DemoLogs.MANY));

        page.locator(".time-button").click();
        field(page, "From").fill("2001-02-03 04:05");
        field(page, "To").fill("now");
        field(page, "To").press("Enter");
        assertThat(page).hasURL(Pattern.compile("start_time=2001-02-02T22%3A35%3A00.000Z"));
        assertThat(status(page)).hasText(showing(200, DemoLogs.MANY));
    }

    @Test
    void numbers_are_of_all_that_was_found() {
        page.navigate("/ui/?start_time=-24h");
        assertThat(page.locator(".legend-total")).hasText("%,d logs".formatted(DemoLogs.MANY));
        explorer.api().get("/api/v1/stats/").body().get("by_level").fields().forEachRemaining(level -> assertThat(
                        page.locator(".legend").getByTitle("Only " + level.getKey()))
                .hasText("%s %,d".formatted(level.getKey(), level.getValue().asInt())));
    }

    @Test
    void dragging_over_the_histogram_looks_closer() {
        page.navigate("/ui/?start_time=-24h");
        assertThat(status(page)).hasText(showing(200, DemoLogs.MANY));
        BoundingBox plot = page.locator(".u-over").boundingBox();
        page.mouse().move(plot.x + plot.width * 0.6, plot.y + 20);
        page.mouse().down();
        page.mouse().move(plot.x + plot.width * 0.8, plot.y + 20);
        page.mouse().up();

        assertThat(page).hasURL(Pattern.compile("start_time=2\\d{3}.*end_time=2"));
        assertThat(status(page)).not().hasText(showing(200, DemoLogs.MANY));
        assertThat(status(page)).hasText(Pattern.compile("Showing 200 of \\d+,\\d+"));
    }

    @Test
    void one_switch_changes_the_zone_of_all_times() throws IOException {
        page.navigate("/ui/?start_time=-24h&q=level:CRITICAL");
        Locator time = rows(page).first().locator("time");
        String stored = time.getAttribute("datetime");
        String local = time.innerText();
        assertThat(status(page)).hasText(Pattern.compile("Showing 200 of .*"));
        assertThat(Files.readString(export("CSV").path())).contains("+05:30,");
        LocalTime pointed = pointedAt();
        button(page, "Time zone: local; switch").click();

        assertThat(page).hasURL(Pattern.compile("tz=utc"));
        assertThat(time).hasText(stored.replaceFirst("^\\d+-(.*)T(.{12}).*$", "$1 $2"));
        assertThat(time).not().hasText(local);
        assertThat(Files.readString(export("CSV").path())).doesNotContain("+05:30");
        assertThat(pointedAt()).isEqualTo(pointed.minusMinutes(5 * 60 + 30));
        page.reload();
        assertThat(button(page, "Time zone: UTC; switch")).isVisible();
    }

    @Test
    void the_axis_is_in_the_zone_too() {
        page.addInitScript("""
                window.drawn = new Set();
                const draw = CanvasRenderingContext2D.prototype.fillText;
                CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
                    window.drawn.add(text);
                    draw.call(this, text, ...place);
                };""");
        page.navigate("/ui/?start_time=2026-01-31T00:00:00Z&end_time=2026-01-31T06:00:00Z");
        page.waitForFunction("() => drawn.has('06:00') && drawn.has('11:00') && !drawn.has('04:00')");
        page.evaluate("drawn.clear()");
        button(page, "Time zone: local; switch").click();
        page.waitForFunction("() => drawn.has('01:00') && drawn.has('04:00') && !drawn.has('11:00')");
    }

    @Test
    void what_was_looked_for_before_is_one_step_back() {
        page.navigate("/ui/?start_time=-24h&q=level:ERROR");
        String errors = showing(200, total("level=ERROR"));
        assertThat(status(page)).hasText(errors);
        search(page).fill("level:CRITICAL");
        search(page).press("Enter");
        assertThat(status(page)).hasText(showing(200, total("level=CRITICAL")));
        page.goBack();
        assertThat(search(page)).hasValue("level:ERROR");
        assertThat(status(page)).hasText(errors);
        page.goForward();
        assertThat(rows(page).first()).containsText("CRITICAL");
    }

    /** When the middle of the histogram begins. */
    private LocalTime pointedAt() {
        page.mouse().move(0, 0);
        assertThat(page.locator(".legend-time")).hasText("All of this time");
        page.locator(".u-over").hover();
        assertThat(page.locator(".legend-time")).containsText(" – ");
        return LocalTime.parse(page.locator(".legend-time").innerText().substring(11, 19));
    }

    @Test
    void what_is_shared_shows_the_same() {
        page.navigate("/ui/?start_time=-2h&q=level:(ERROR OR CRITICAL)");
        assertThat(status(page)).hasText(Pattern.compile("Showing \\d+ of .*"));
        List<String> shown = rows(page).allInnerTexts();
        String counted = status(page).innerText();
        button(page, "Share").click();
        assertThat(page.getByText("Link copied")).isVisible();
        String link = clipboard(page);
        explorer.api()
                .ingest(
                        "{\"level\":\"ERROR\",\"message\":\"later\",\"service\":\"s\",\"app\":\"late\"}",
                        "Prefer",
                        "wait");

        page.navigate(link);
        assertThat(status(page)).hasText(counted);
        assertThat(rows(page).allInnerTexts()).isEqualTo(shown);
    }

    @Test
    void what_is_exported_is_what_was_found() throws IOException {
        int all = total("level=CRITICAL");
        page.navigate("/ui/?start_time=-24h&q=level:CRITICAL");
        assertThat(status(page)).hasText(showing(200, all));
        explorer.api()
                .ingest(
                        "{\"level\":\"CRITICAL\",\"message\":\"later\",\"service\":\"s\",\"app\":\"late\"}",
                        "Prefer",
                        "wait");
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
        button(page, "Export all that was found").click();
        return page.waitForDownload(() -> page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(format))
                .click());
    }

    @Test
    void a_time_that_ends_before_it_begins_finds_and_exports_nothing() {
        page.navigate("/ui/?start_time=-24h");
        assertThat(status(page)).hasText(showing(200, DemoLogs.MANY));
        page.locator(".time-button").click();
        field(page, "From").fill("-1h");
        field(page, "To").fill("-2h");
        field(page, "To").press("Enter");
        assertThat(page.getByText("The time begins after it ends.")).isVisible();
        assertThat(status(page)).hasText("Nothing found");
        assertThat(rows(page)).hasCount(0);
        assertThat(page.getByText("Export")).hasCount(0);
    }

    private static int total(String filter) {
        return DemoLogs.count(explorer.api(), filter);
    }
}
