package logaggregator.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import logaggregator.support.Eventually;
import logaggregator.support.Records;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator sees of the routes in Hawtio, and does to them. */
@Tag("browser")
class HawtioIT {

    private static final String USER = "operator";
    private static final String PASSWORD = "pass-word-of-operators";
    private static final String CAMEL = "/actuator/hawtio/camel";

    @RegisterExtension
    static final Explorer explorer = new Explorer("operator.password=" + PASSWORD);

    private Page page;

    @BeforeEach
    void open() {
        page = explorer.operator(1100, 760, USER, PASSWORD);
    }

    @Test
    void nobody_sees_it_without_the_password() {
        assertThatThrownBy(() -> explorer.page().navigate(explorer.managementUrl(CAMEL)))
                .hasMessageContaining("INVALID_AUTH_CREDENTIALS");

        assertThat(page.navigate(explorer.managementUrl(CAMEL)).status()).isEqualTo(200);
    }

    @Test
    void the_diagram_of_a_route_counts_what_goes_through_it() {
        page.navigate(explorer.managementUrl(CAMEL));
        page.getByText("Expand all").click();
        text("store").first().click();

        Locator from = page.locator(".react-flow__node")
                .filter(new Locator.FilterOptions().setHasText("From direct:store"))
                .first();
        explorer.api().ingest(Records.json("hawtio", 1), "Prefer", "wait");
        long first = count(from, 0);
        explorer.api().ingest(Records.json("hawtio", 2), "Prefer", "wait");
        count(from, first);
        Pictures.take(page, "hawtio-route", ColorScheme.LIGHT);

        text("Source").click();
        assertThat(page.locator(".view-lines")).containsText("logStore");
    }

    /** Waits until it counts more than so many; what was waited for is counted up to seconds later. */
    private static long count(Locator node, long before) {
        Eventually.holds(() -> shown(node) > before);
        return shown(node);
    }

    /** How many have gone through, below those that are on their way. */
    private static long shown(Locator node) {
        return node.innerText()
                .lines()
                .filter(line -> line.matches("\\d+"))
                .mapToLong(Long::parseLong)
                .max()
                .orElse(0);
    }

    @Test
    void a_route_is_stopped_and_started() {
        page.navigate(explorer.managementUrl(CAMEL));
        text("Routes").click();
        Locator route = page.getByRole(AriaRole.ROW)
                .filter(new Locator.FilterOptions()
                        .setHas(page.getByRole(
                                AriaRole.GRIDCELL,
                                new Page.GetByRoleOptions()
                                        .setName("read-queue-1")
                                        .setExact(true))));
        route.getByRole(AriaRole.CHECKBOX).check();
        OnPage.button(page, "Stop").click();
        assertThat(route).containsText("Stopped");
        assertThat(state("read-queue-1")).isEqualTo("stopped");
        route.scrollIntoViewIfNeeded();
        Pictures.take(page, "hawtio-routes", ColorScheme.LIGHT);

        OnPage.button(page, "Start").click();
        assertThat(route).containsText("Started");
        assertThat(state("read-queue-1")).isEqualTo("started");
    }

    private Locator text(String text) {
        return page.getByText(text, new Page.GetByTextOptions().setExact(true));
    }

    private static String state(String route) {
        for (JsonNode one : explorer.api().get("/api/v1/status").body().get("routes")) {
            if (one.get("id").asText().equals(route)) {
                return one.get("state").asText();
            }
        }
        return "";
    }
}
