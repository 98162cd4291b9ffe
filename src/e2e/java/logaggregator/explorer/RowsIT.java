package logaggregator.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static logaggregator.explorer.OnPage.button;
import static logaggregator.explorer.OnPage.clipboard;
import static logaggregator.explorer.OnPage.openRow;
import static logaggregator.explorer.OnPage.rows;
import static logaggregator.explorer.OnPage.scrollToTheEnd;
import static logaggregator.explorer.OnPage.search;
import static logaggregator.explorer.OnPage.showing;
import static logaggregator.explorer.OnPage.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.time.Instant;
import java.time.Year;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Somebody reads what was found in a hundred thousand logs. */
@Tag("browser")
class RowsIT {

    @RegisterExtension
    static final Explorer explorer = Explorer.shared();

    private final Page page;

    RowsIT(Page page) {
        this.page = page;
    }

    @Test
    void escape_closes_a_menu_before_the_log_that_is_open() {
        page.navigate("/ui/?start_time=-24h");
        rows(page).first().locator(".line").click();
        assertThat(openRow(page)).hasCount(1);
        button(page, "Export all that was found").click();
        page.keyboard().press("Escape");
        assertThat(page.locator("#export-menu")).isHidden();
        assertThat(openRow(page)).hasCount(1);
        page.keyboard().press("Escape");
        assertThat(openRow(page)).hasCount(0);
    }

    @Test
    void older_logs_come_until_the_true_end_and_thousands_can_be_used() {
        int all = total("level=ERROR");
        assertThat(all).isGreaterThan(5_000);
        page.navigate("/ui/?start_time=-24h&q=level:ERROR");
        assertThat(status(page)).hasText(showing(200, all));
        scrollToTheEnd(page);
        assertThat(rows(page)).hasCount(all);
        assertThat(status(page)).hasText(showing(all, all));
        List<?> times = (List<?>) page.evaluate("[...document.querySelectorAll('.row time')].map(t => t.dateTime)");
        assertThat(times).hasSize(all).isSortedAccordingTo((a, b) -> instant(b).compareTo(instant(a)));

        // the browser's own search finds what it doesn't draw
        assertThat(found(rows(page).first())).isTrue();
        assertThat(found(rows(page).last())).isTrue();
        assertThat((Integer) page.evaluate("[...document.querySelectorAll('.row .line')]"
                        + ".filter(line => line.checkVisibility({ contentVisibilityAuto: true })).length"))
                .isLessThan(500);

        // other times of the same logs: nothing is asked again
        String local = rows(page).first().locator("time").innerText();
        button(page, "Time zone: local; switch").click();
        assertThat(rows(page).first().locator("time")).not().hasText(local);
        assertThat(rows(page)).hasCount(all);
    }

    private boolean found(Locator row) {
        String text = row.locator("time").textContent();
        return (Boolean) page.evaluate("text => { getSelection().empty(); return find(text); }", text);
    }

    @Test
    void a_log_is_opened_and_its_values_lead_on() {
        page.navigate("/ui/?start_time=-24h&q=%22java.net.SocketTimeoutException%22");
        rows(page).nth(50).locator(".line").click();
        Locator open = openRow(page);
        assertThat(open).containsText("shop.Checkout.place(Checkout.java:88)");
        button(open, "JSON").click();
        assertThat(open.locator(".json")).containsText("\"region\":");
        button(open, "Copy JSON").click();
        assertThat(clipboard(page)).contains("\"message\": \"timeout calling");
        button(open, "Copy message").click();
        assertThat(clipboard(page)).startsWith("timeout calling").endsWith("place(Checkout.java:88)");
        button(open, "Surrounding logs").click();
        assertThat(open.locator(".surroundings .row")).hasCount(21);
        button(open, "more").click();
        assertThat(open.locator(".surroundings .row")).hasCount(61);

        button(open, "Fields").click();
        button(open, "Only logs with this region").click();
        assertThat(search(page)).hasValue(Pattern.compile("metadata_.region:(eu-west|us-east)$"));
        button(open, "Only logs without this http.status").click();
        assertThat(search(page)).hasValue(Pattern.compile("-metadata_.http.status:(200|404|500)$"));
        assertThat(rows(page).first()).isVisible();
    }

    @Test
    void a_level_is_told_by_its_name_and_its_colour() {
        page.navigate("/ui/?start_time=-24h");
        assertThat(rows(page)).hasCount(200);
        List<?> told = (List<?>) page.evaluate("""
                [...new Set([...document.querySelectorAll('.rows .row')].map(row =>
                    row.querySelector('.level').textContent + ' ' + getComputedStyle(row).borderLeftColor))]""");
        assertThat(told)
                .hasSizeGreaterThanOrEqualTo(4)
                .map(one -> one.toString().split(" ", 2)[0])
                .doesNotHaveDuplicates();
        assertThat(told).map(one -> one.toString().split(" ", 2)[1]).doesNotHaveDuplicates();
    }

    @Test
    void a_log_of_another_year_says_so() {
        String time = Year.now().minusYears(1) + "-02-03T04:05:06Z";
        explorer.api()
                .ingest(
                        DemoLogs.json(Map.of(
                                "level", "INFO", "message", "m", "service", "s", "app", "old", "timestamp", time)),
                        "Prefer",
                        "wait");
        page.navigate("/ui/?start_time=all&q=app:old&tz=utc");
        assertThat(rows(page).locator("time")).hasText(time.replace('T', ' ').replace("Z", ""));
    }

    @Test
    void a_link_to_one_log_shows_it_in_its_surroundings() {
        page.navigate("/ui/?start_time=-24h&q=level:ERROR");
        rows(page).nth(150).locator(".line").click();
        button(openRow(page), "Copy link").click();
        String link = clipboard(page);

        page.navigate(link.replace("ERROR", "CRITICAL"));
        assertThat(page.locator(".linked-head")).containsText("ERROR");
        assertThat(page.locator(".linked .row")).hasCount(21);
        assertThat(page.locator(".linked .this-one .row.open .field-table")).isVisible();
        assertThat(page.locator(".rows .row").first()).containsText("CRITICAL");
        page.keyboard().press("Escape");
        assertThat(page.locator(".linked")).hasCount(0);
    }

    @Test
    void values_are_chosen_among_the_most_frequent() {
        page.navigate("/ui/?start_time=-24h");
        Locator fields = page.getByRole(AriaRole.COMPLEMENTARY);
        fields.getByTitle("Only shop").click();
        assertThat(search(page)).hasValue("app:shop");
        assertThat(status(page)).hasText(showing(200, total("app=shop")));
        fields.getByTitle("Without checkout").click();
        assertThat(search(page)).hasValue("app:shop -service:checkout");
        assertThat(status(page)).hasText(showing(200, total("app=shop&q=NOT%20service:checkout")));
        fields.getByTitle("Only shop").click();
        assertThat(search(page)).hasValue("-service:checkout");
        fields.getByText("user", new Locator.GetByTextOptions().setExact(true)).click();
        fields.getByTitle("Only anna").click();
        assertThat(rows(page).first()).isVisible();
        assertThat(search(page)).hasValue("-service:checkout metadata_.user:anna");
    }

    @Test
    void more_values_are_there_than_are_listed_at_first() {
        page.navigate("/ui/?start_time=-24h");
        Locator fields = page.getByRole(AriaRole.COMPLEMENTARY);
        fields.getByText("ms", new Locator.GetByTextOptions().setExact(true)).click();
        assertThat(fields.getByText("20 more")).isVisible();
        fields.getByText("20 more").click();
        assertThat(fields.getByText("These are the 30 most frequent.")).isVisible();
    }

    @Test
    void everything_is_done_by_keys() {
        page.navigate("/ui/?start_time=-24h");
        assertThat(rows(page)).hasCount(200);
        page.keyboard().press("j");
        page.keyboard().press("j");
        page.keyboard().press("k");
        page.keyboard().press("j");
        page.keyboard().press("Enter");
        assertThat(rows(page).nth(1)).hasClass(Pattern.compile("open"));
        assertThat(rows(page).nth(1)).isFocused();
        page.keyboard().press("Escape");
        assertThat(openRow(page)).hasCount(0);
        page.keyboard().press("?");
        assertThat(page.getByRole(AriaRole.DIALOG)).isVisible();
        page.keyboard().press("Escape");
        assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
        page.keyboard().press("/");
        assertThat(search(page)).isFocused();
    }

    @Test
    void a_telephone_is_wide_enough() {
        page.setViewportSize(360, 740);
        page.navigate("/ui/?start_time=-24h");
        assertThat(rows(page).first()).isVisible();
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
        rows(page).first().locator(".line").click();
        assertThat(page.locator(".row.open .field-table")).isVisible();
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
    }

    private static int total(String filter) {
        return DemoLogs.count(explorer.api(), filter);
    }

    private static Instant instant(Object time) {
        return Instant.parse((String) time);
    }
}
