package logaggregator.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import logaggregator.support.Eventually;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;

/** A service from its first log on: the pages beside the explorer, and that everybody can use them all. */
@EnabledIf("logaggregator.explorer.Chromium#isInstalled")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PagesIT {

    /** Where pictures of all pages go; -Dscreenshots=docs/images renews those of the documentation. */
    private static final Path PICTURES = Path.of(System.getProperty("screenshots", "target/screenshots"));

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

    private static ExplorerServer server;
    private static Chromium chromium;

    private Page page;

    @BeforeAll
    static void start() {
        server = new ExplorerServer();
        chromium = new Chromium();
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
    @Order(1)
    void the_first_log_shows_up_by_itself() {
        page.navigate(server.url("/ui/"));
        assertThat(page.getByText("No logs yet")).isVisible();
        assertThat(page.locator(".first pre")).containsText("curl -X POST " + server.url("/api/v1/ingest/"));
        assertThat(problems(page)).isEmpty();

        String record = page.locator(".first pre").innerText().replaceFirst("(?s).*-d '(.*)'.*", "$1");
        server.api().ingest(record);
        assertThat(page.locator(".rows .row")).hasCount(1);
        assertThat(page.locator(".rows .row")).containsText("hello");
        server.api().delete("/api/v1/apps/1");
    }

    @Test
    @Order(2)
    void all_pages_can_be_used_by_everybody() {
        DemoLogs.send(server.api(), 20_000);
        sendWhatCannotBeStored();
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            Page window = chromium.page(1280, 760, colours);
            PAGES.forEach((name, path) -> {
                look(window, name, path);
                assertThat(problems(window)).as("%s, %s", name, colours).isEmpty();
                String picture = name + "-" + colours.name().toLowerCase(Locale.ROOT) + ".png";
                window.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(picture)));
            });
            window.context().close();
        }
    }

    @Test
    @Order(3)
    void all_pages_fit_a_telephone() {
        Page window = chromium.page(360, 740, ColorScheme.LIGHT);
        PAGES.forEach((name, path) -> {
            look(window, name, path);
            assertThat(window.evaluate("document.documentElement.scrollWidth")).as(name).isEqualTo(360);
        });
        assertThat(problems(window)).isEmpty();
        window.context().close();
    }

    private static void sendWhatCannotBeStored() {
        // under a key that is no reason to refuse the request
        String records = """
                {"level":"INFO","message":"a good one","service":"checkout","app":"shop"}
                {"level":"ERROR","message":"of an app that was deleted","service":"checkout","app_id":999}
                {"level":"ERROR","message":"of no service","app":"shop"}
                {"level":"INFO","message":"from the day after tomorrow","service":"s","app":"shop","timestamp":"2099-01-01T00:00:00Z"}
                """;
        assertThat(server.api().ingest(records, "Idempotency-Key", "pages").status()).isEqualTo(200);
        Eventually.passes(
                () -> assertThat(server.api().get("/api/v1/dlq/").body()).hasSize(3));
    }

    private static void look(Page window, String name, String path) {
        window.navigate(server.url(path));
        if (name.equals("log")) {
            window.locator(".rows .row .line").first().click();
            assertThat(window.locator(".row.open .field-table")).isVisible();
        }
        if (name.equals("live")) {
            assertThat(window.locator(".live-dot.open")).isVisible();
            server.api().ingest(DemoLogs.fresh(12));
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

    /** What keeps somebody from using a page as it is. */
    private static List<String> problems(Page window) {
        return new AxeBuilder(window)
                .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"))
                .analyze().getViolations().stream().map(PagesIT::text).toList();
    }

    private static String text(Rule rule) {
        return rule.getImpact() + " " + rule.getId() + ": " + rule.getNodes().get(0).getHtml();
    }

    @Test
    @Order(4)
    void alerts_are_seen_silenced_and_sent_for_a_try() {
        page.navigate(server.url("/ui/?page=alerts"));
        assertThat(row("payment-service").first()).containsText(">= 5 in 60 s");
        button("Test print").click();
        assertThat(page.getByText("✓ delivered")).isVisible();

        button("New silence…").click();
        page.getByLabel("Rule", new Page.GetByLabelOptions().setExact(true)).fill("ERROR");
        page.getByLabel("Comment").fill("a try");
        button("Silence").click();
        assertThat(row("a try")).containsText("ERROR");
        row("a try").getByRole(AriaRole.BUTTON).click();
        page.getByText("End it?").click();
        assertThat(page.getByText("None: every alert is told.")).isVisible();
    }

    @Test
    @Order(4)
    void dead_letters_are_counted_looked_into_replayed_and_discarded() {
        page.navigate(server.url("/ui/?page=dead-letters"));
        button("unknown_app 1").click();
        assertThat(page).hasURL(server.url("/ui/?page=dead-letters&reason=unknown_app"));
        assertThat(page.getByText("1 dead letter")).isVisible();
        Locator letter = page.locator(".letter");
        letter.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Details")).click();
        assertThat(letter.locator(".whole-message")).containsText("\"app_id\":999");
        letter.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Replay")).click();
        assertThat(page.getByText("Replayed", new Page.GetByTextOptions().setExact(true))).isVisible();
        Eventually.passes(() -> assertThat(
                        server.api().get("/api/v1/dlq/").body().path(0).path("replays").asInt())
                .isEqualTo(1));

        page.reload();
        button("Discard these").click();
        page.getByText("Discard them for good?").click();
        assertThat(page.getByText("1 discarded")).isVisible();
        assertThat(letter).hasCount(0);
    }

    @Test
    @Order(4)
    void apps_are_described_kept_and_deleted() {
        page.navigate(server.url("/ui/?page=apps"));
        button("New app…").click();
        page.getByLabel("Name").fill("made here");
        page.getByLabel("Days to keep its logs").fill("7");
        button("Save").click();
        assertThat(row("made here")).containsText("7 days");
        row("made here").getByText("Change…").click();
        page.getByLabel("Description").fill("of nobody");
        button("Save").click();
        assertThat(row("made here")).containsText("of nobody");
        row("made here").getByText("Delete…").click();
        assertThat(button("Delete the app and its logs")).isDisabled();
        page.getByLabel("Its name, to be sure").fill("made here");
        button("Delete the app and its logs").click();
        assertThat(row("made here")).hasCount(0);

        row("shop").getByRole(AriaRole.LINK).click();
        assertThat(page).hasURL(server.url("/ui/?q=app%3Ashop"));
    }

    @Test
    @Order(4)
    void the_status_shows_the_books_and_the_routes() {
        page.navigate(server.url("/ui/?page=status"));
        assertThat(page.locator(".tile").filter(new Locator.FilterOptions().setHasText("Difference"))).containsText("the books close");
        assertThat(row("shop")).isVisible();
        assertThat(page.locator("tr").filter(new Locator.FilterOptions().setHas(page.getByText("store", new Page.GetByTextOptions().setExact(true))))).containsText("started");
    }

    private Locator row(String text) {
        return page.locator("tbody tr").filter(new Locator.FilterOptions().setHasText(text));
    }

    private Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }
}
