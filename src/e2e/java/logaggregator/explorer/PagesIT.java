package logaggregator.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static logaggregator.explorer.OnPage.button;
import static logaggregator.explorer.OnPage.line;
import static logaggregator.explorer.OnPage.rows;
import static logaggregator.explorer.OnPage.search;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
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
        assertThat(page.getByText("No logs yet")).isVisible();
        assertThat(page.locator(".first pre")).containsText("curl -X POST " + explorer.url("/api/v1/ingest/"));
        assertThat(Axe.problems(page)).isEmpty();

        String record = page.locator(".first pre").innerText().replaceFirst("(?s).*-d '(.*)'.*", "$1");
        explorer.api().ingest(record);
        assertThat(rows(page)).hasCount(1);
        assertThat(rows(page)).containsText("hello");
        explorer.api().delete("/api/v1/apps/1");
    }

    @Test
    @Order(2)
    void all_pages_can_be_used_by_everybody() {
        DemoLogs.send(explorer.api(), 20_000);
        sendWhatCannotBeStored();
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
        Page window = explorer.window(360, 740, ColorScheme.LIGHT);
        PAGES.forEach((name, path) -> {
            look(window, name, path);
            assertThat(window.evaluate("document.documentElement.scrollWidth"))
                    .as(name)
                    .isEqualTo(360);
        });
        assertThat(Axe.problems(window)).isEmpty();
    }

    private static void sendWhatCannotBeStored() {
        // under a key that is no reason to refuse the request
        String records = """
                {"level":"INFO","message":"a good one","service":"checkout","app":"shop"}
                {"level":"ERROR","message":"of an app that was deleted","service":"checkout","app_id":999}
                {"level":"ERROR","message":"of no service","app":"shop"}
                {"level":"INFO","message":"from the day after tomorrow","service":"s","app":"shop","timestamp":"2099-01-01T00:00:00Z"}
                """;
        assertThat(explorer.api().ingest(records, "Idempotency-Key", "pages").status())
                .isEqualTo(200);
        Eventually.passes(
                () -> assertThat(explorer.api().get("/api/v1/dlq/").body()).hasSize(3));
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
    @Order(4)
    void dead_letters_are_counted_looked_into_replayed_and_discarded() {
        page.navigate("/ui/?page=dead-letters");
        button(page, "unknown_app 1").click();
        assertThat(page).hasURL("/ui/?page=dead-letters&reason=unknown_app");
        assertThat(page.getByText("1 dead letter")).isVisible();
        Locator letter = page.locator(".letter");
        assertThat(letter).hasCount(1);
        button(letter, "Details").click();
        assertThat(letter.locator(".whole-message")).containsText("\"app_id\":999");
        button(letter, "Replay").click();
        assertThat(page.getByText("Replayed", new Page.GetByTextOptions().setExact(true)))
                .isVisible();
        Eventually.passes(() -> assertThat(explorer.api()
                        .get("/api/v1/dlq/")
                        .body()
                        .path(0)
                        .path("replays")
                        .asInt())
                .isEqualTo(1));

        page.reload();
        button(page, "Discard these").click();
        page.getByText("Discard them for good?").click();
        assertThat(page.getByText("1 discarded")).isVisible();
        assertThat(letter).hasCount(0);
    }

    @Test
    @Order(4)
    void colours_are_chosen_for_good() {
        page.navigate("/ui/?page=apps");
        button(page, "Switch to dark colours").click();
        assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
        page.reload();
        assertThat(button(page, "Switch to light colours")).isVisible();
    }

    @Test
    @Order(5)
    void older_dead_letters_are_there_on_request() {
        String records = "{\"level\":\"INFO\",\"message\":\"of no service\",\"app\":\"shop\"}\n".repeat(120);
        assertThat(explorer.api()
                        .ingest(records + DemoLogs.fresh(1), "Idempotency-Key", "many")
                        .status())
                .isEqualTo(200);
        Eventually.holds(
                () -> explorer.api().get("/api/v1/dlq/?limit=1000").body().size() >= 120);
        page.navigate("/ui/?page=dead-letters&reason=missing_field");
        assertThat(page.locator(".letter")).hasCount(100);
        button(page, "Load older").click();
        assertThat(page.locator(".letter")).hasCount(121);
        assertThat(button(page, "Load older")).hasCount(0);
    }

    @Test
    @Order(4)
    void apps_are_described_kept_and_deleted() {
        page.navigate("/ui/?page=apps");
        button(page, "New app…").click();
        page.getByLabel("Name").fill("made here");
        page.getByLabel("Days to keep its logs").fill("7");
        button(page, "Save").click();
        assertThat(line(page, "made here")).containsText("7 days");
        line(page, "made here").getByText("Change…").click();
        page.getByLabel("Description").fill("of nobody");
        button(page, "Save").click();
        assertThat(line(page, "made here")).containsText("of nobody");
        line(page, "made here").getByText("Delete…").click();
        assertThat(button(page, "Delete the app and its logs")).isDisabled();
        page.getByLabel("Its name, to be sure").fill("made here");
        button(page, "Delete the app and its logs").click();
        assertThat(line(page, "made here")).hasCount(0);

        line(page, "shop").getByRole(AriaRole.LINK).click();
        assertThat(page).hasURL("/ui/?q=app%3Ashop");
    }

    @Test
    @Order(4)
    void the_status_shows_the_books_and_the_routes() {
        page.navigate("/ui/?page=status");
        assertThat(page.getByText("All is well.")).isVisible();
        assertThat(page.locator(".tile").filter(new Locator.FilterOptions().setHasText("Difference")))
                .containsText("the books close");
        assertThat(line(page, "shop")).isVisible();
        Locator name = page.getByText("store", new Page.GetByTextOptions().setExact(true));
        assertThat(page.locator("tr").filter(new Locator.FilterOptions().setHas(name)))
                .containsText("started");
    }
}
