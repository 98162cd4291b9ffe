package logaggregator.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static logaggregator.explorer.OnPage.button;
import static logaggregator.explorer.OnPage.line;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import logaggregator.support.Eventually;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Somebody looks after the service. */
@Tag("browser")
class OperatorsPagesIT {

    @RegisterExtension
    static final Explorer explorer = Explorer.shared();

    private final Page page;

    OperatorsPagesIT(Page page) {
        this.page = page;
    }

    @Test
    void the_status_shows_how_fast_it_goes_and_what_waits() {
        page.navigate("/ui/?page=status");
        assertThat(tile("In flight")).containsText("the queue is empty");
        try (HeldTable held = new HeldTable(explorer.database().jdbcUrl())) {
            explorer.api()
                    .ingest("{\"level\":\"INFO\",\"message\":\"m\",\"service\":\"s\",\"app\":\"fast\"}\n".repeat(500));
            assertThat(tile("Accepted")).containsText(Pattern.compile("[1-9][0-9,]* / s"));
            assertThat(tile("In flight"))
                    .containsText(Pattern.compile("500(nothing is being stored|about .* to store)"));
        }
        assertThat(tile("Stored")).containsText(Pattern.compile("[1-9][0-9,]* / s"));
        assertThat(tile("In flight")).containsText("the queue is empty");
    }

    private Locator tile(String title) {
        Locator name = page.getByText(title, new Page.GetByTextOptions().setExact(true));
        return page.locator(".tile").filter(new Locator.FilterOptions().setHas(name));
    }

    @Test
    void dead_letters_are_counted_looked_into_replayed_and_discarded() {
        DemoLogs.sendWhatCannotBeStored(explorer.api(), "guest");
        page.navigate("/ui/?page=dead-letters");
        Locator letter = page.locator(".letter");
        assertThat(letter).not().hasCount(0);
        // while those of a choice are yet to come there are none that could be discarded in their place
        List<Route> held = new ArrayList<>();
        page.route("**/api/v1/dlq?*reason=*", held::add);
        button(page, "unknown_app 1").click();
        page.waitForCondition(() -> !held.isEmpty());
        assertThat(letter).hasCount(0);
        assertThat(button(page, "Discard these")).hasCount(0);
        page.unroute("**/api/v1/dlq?*reason=*");
        held.forEach(Route::resume);
        assertThat(page).hasURL("/ui/?page=dead-letters&reason=unknown_app");
        button(page, "#999 1").click();
        assertThat(page).hasURL("/ui/?page=dead-letters&reason=unknown_app&app=%23999");
        assertThat(page.getByText("1 dead letter")).isVisible();
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
    void older_dead_letters_are_there_on_request() {
        String bad = "{\"level\":\"INFO\",\"message\":\"of no service\",\"app\":\"many\"}\n";
        String good = "{\"level\":\"INFO\",\"message\":\"m\",\"service\":\"s\",\"app\":\"many\"}";
        assertThat(explorer.api()
                        .ingest(bad.repeat(120) + good, "Idempotency-Key", "many")
                        .status())
                .isEqualTo(200);
        Eventually.holds(() -> ofNoService() >= 120);
        page.navigate("/ui/?page=dead-letters&reason=missing_field");
        assertThat(page.locator(".letter")).hasCount(100);
        button(page, "Load older").click();
        assertThat(page.locator(".letter")).hasCount(ofNoService());
        assertThat(button(page, "Load older")).hasCount(0);
    }

    private static int ofNoService() {
        return explorer.api()
                .get("/api/v1/dlq/counts")
                .body()
                .at("/by_reason/missing_field")
                .asInt();
    }

    @Test
    void apps_are_described_kept_and_deleted() {
        page.navigate("/ui/?page=apps&live=true");
        button(page, "New app…").click();
        page.getByLabel("Name").fill("constructor");
        page.getByLabel("Days to keep its logs").fill("7");
        button(page, "Save").click();
        assertThat(line(page, "constructor")).containsText(Pattern.compile("constructor0\\s*7 days"));
        line(page, "constructor").getByText("Change…").click();
        page.getByLabel("Description").fill("of nobody");
        button(page, "Save").click();
        assertThat(line(page, "constructor")).containsText("of nobody");
        line(page, "constructor").getByText("Delete…").click();
        assertThat(button(page, "Delete the app and its logs")).isDisabled();
        page.getByLabel("Its name, to be sure").fill("constructor");
        button(page, "Delete the app and its logs").click();
        assertThat(line(page, "constructor")).hasCount(0);

        line(page, "shop").getByRole(AriaRole.LINK).click();
        assertThat(page).hasURL("/ui/?q=app%3Ashop");
    }

    @Test
    void the_status_shows_the_books_and_the_routes() {
        page.navigate("/ui/?page=status");
        assertThat(page.getByText("All is well.")).isVisible();
        assertThat(tile("Difference")).containsText("the books close");
        assertThat(line(page, "shop")).isVisible();
        Locator name = page.getByText("store", new Page.GetByTextOptions().setExact(true));
        assertThat(page.locator("tr").filter(new Locator.FilterOptions().setHas(name)))
                .containsText("started");
    }
}
