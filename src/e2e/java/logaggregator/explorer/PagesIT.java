package logaggregator.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static logaggregator.explorer.OnPage.button;
import static logaggregator.explorer.OnPage.rows;
import static logaggregator.explorer.OnPage.search;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import logaggregator.support.Eventually;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A service from its first log on: the pages beside the explorer, and that everybody can use them all. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("browser")
class PagesIT {

    /** Where a page is, by the name of its picture. */
    private static final Map<String, String> PAGES = new TreeMap<>(Map.of(
            "logs", "/ui/?start_time=-24h",
            "log", "/ui/?start_time=-24h&q=level:ERROR",
            "live", "/ui/?live=true",
            "alerts", "/ui/?page=alerts",
            "dead-letters", "/ui/?page=dead-letters",
            "apps", "/ui/?page=apps",
            "status", "/ui/?page=status",
            "nothing", "/ui/?q=nothing-like-this",
            "misread", "/ui/?q=(a+AND"));

    /** What can't be seen at once, in full width. */
    private static final String TOO_WIDE = """
            [...document.querySelectorAll('html, .scroll')].filter(e => e.scrollWidth > e.clientWidth).map(e => e.outerHTML)""";

    private static final Set<String> WITHOUT_PICTURE = Set.of("nothing", "misread");

    @RegisterExtension
    static final Explorer explorer = new Explorer();

    private final Page page;

    PagesIT(Page page) {
        this.page = page;
    }

    @Test
    @Order(1)
    void the_first_log_shows_up_by_itself() {
        page.navigate("/ui/");
        String record = shownFirst().replaceFirst("(?s).*-d '(.*)'.*", "$1");
        assertThat(Axe.problems(page)).isEmpty();
        explorer.api().ingest(record);
        assertThat(rows(page)).hasCount(1);
        assertThat(rows(page)).containsText("hello");
        explorer.api().delete("/api/v1/apps/1");

        // as well if it isn't what somebody came for
        Eventually.passes(() -> assertThat(DemoLogs.count(explorer.api(), "")).isZero());
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        page.navigate("/ui/?q=level:ERROR");
        shownFirst();
        assertThat(Axe.problems(page)).isEmpty();
        String time = Instant.now().minus(Duration.ofDays(3)).toString();
        explorer.api().ingest(record.replaceFirst("\\{", "{\"timestamp\":\"" + time + "\","));
        assertThat(rows(page)).hasCount(1);
        explorer.api().delete("/api/v1/apps/2");
    }

    /** The command that sends one. */
    private String shownFirst() {
        assertThat(page.getByText("No logs yet")).isVisible();
        Locator command = page.locator(".first pre");
        assertThat(command).containsText("curl -X POST " + explorer.url("/api/v1/ingest/"));
        return command.innerText();
    }

    @Test
    @Order(2)
    void all_pages_can_be_used_by_everybody() {
        DemoLogs.send(explorer.api(), 20_000);
        DemoLogs.sendWhatCannotBeStored(explorer.api(), "shop");
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            Page window = explorer.window(1280, 760, colours);
            PAGES.forEach((name, path) -> {
                window.setViewportSize(1280, name.equals("alerts") ? 960 : 760);
                look(window, name, path);
                assertThat(Axe.problems(window)).as("%s, %s", name, colours).isEmpty();
                if (!WITHOUT_PICTURE.contains(name)) {
                    Pictures.take(window, name, colours);
                }
            });
        }
    }

    @Test
    @Order(3)
    void all_that_opens_can_be_used_by_everybody() {
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            Page window = explorer.window(1280, 760, colours);
            window.navigate("/ui/");
            assertThat(rows(window).first()).isVisible();
            window.keyboard().press("?");
            closeUsable(window, "dialog");
            button(window, "Time: Last hour").click();
            closeUsable(window, "#time-menu");
            button(window, "Export all that was found").click();
            closeUsable(window, "#export-menu");
            button(window, "Alert").click();
            closeUsable(window, "dialog");
            search(window).fill("level:");
            closeUsable(window, "#completions");

            window.navigate("/ui/?page=alerts");
            button(window, "New silence…").click();
            closeUsable(window, "dialog");
            window.navigate("/ui/?page=apps");
            button(window, "New app…").click();
            closeUsable(window, "dialog");
        }
    }

    private static void closeUsable(Page window, String opened) {
        assertThat(window.locator(opened)).isVisible();
        assertThat(Axe.problems(window, opened)).isEmpty();
        window.keyboard().press("Escape");
        assertThat(window.locator(opened)).not().isVisible();
    }

    @Test
    @Order(3)
    void all_pages_fit_a_telephone() {
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            Page window = explorer.window(360, 740, colours);
            PAGES.forEach((name, path) -> {
                look(window, name, path);
                assertThat((List<?>) window.evaluate(TOO_WIDE)).as(name).isEmpty();
                assertThat(Axe.problems(window)).as("%s, %s", name, colours).isEmpty();
            });
        }
    }

    private static void look(Page window, String name, String path) {
        window.navigate(path);
        if (name.equals("alerts")) {
            assertThat(window.getByText("print ✓").first()).isVisible();
        }
        if (name.equals("log")) {
            rows(window).first().locator(".line").click();
            assertThat(window.locator(".row.open .field-table")).isVisible();
        }
        if (name.equals("live")) {
            assertThat(window.locator(".live-dot.open")).isVisible();
            explorer.api().ingest(DemoLogs.fresh(12));
        }
        Locator sign = window.locator(
                switch (name) {
                    case "logs", "log" -> ".fields details, .rows .row";
                    case "live" -> ".rows .row";
                    case "nothing" -> ".empty button";
                    case "misread" -> ".misread";
                    case "status" -> ".tile";
                    default -> ".page table, .page .letter";
                });
        assertThat(sign.first()).isVisible();
        assertThat(window.getByText("Counting…")).hasCount(0);
    }

    @Test
    @Order(3)
    void colours_are_chosen_for_good() {
        page.navigate("/ui/?page=apps");
        button(page, "Switch to dark colours").click();
        assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
        page.reload();
        assertThat(button(page, "Switch to light colours")).isVisible();
    }
}
