package logaggregator.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static logaggregator.explorer.OnPage.button;
import static logaggregator.explorer.OnPage.clipboard;
import static logaggregator.explorer.OnPage.field;
import static logaggregator.explorer.OnPage.line;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import logaggregator.support.Ports;
import logaggregator.support.Servers;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Somebody is told by a channel that works, and not by one that doesn't. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("browser")
class AlertsIT {

    private static final Path RULES = rules();

    @RegisterExtension
    static final Explorer explorer = new Explorer(
            "alert.check-interval=1",
            "alert.rules=" + RULES,
            "notify.webhook.url=http://127.0.0.1:" + Ports.free() + "/");

    private final Page page;

    private static Path rules() {
        try {
            return Files.writeString(
                    Servers.newDirectory("rules").resolve("alerts.yaml"), "ERROR: {threshold: 10, interval_sec: 60}\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeAll
    static void send() {
        String error =
                "{\"level\":\"ERROR\",\"message\":\"card declined\",\"service\":\"checkout\",\"app\":\"shop\"}\n";
        explorer.api().ingest(error.repeat(12), "Prefer", "wait");
    }

    AlertsIT(Page page) {
        this.page = page;
    }

    @Test
    @Order(1)
    void what_was_told_is_shown_with_what_became_of_it() {
        page.navigate("/ui/?page=alerts");
        assertThat(line(page, "print ✓").last()).containsText("12 logs in 60s");
        assertThat(line(page, "print ✓").last()).containsText("webhook ✗");
        assertThat(line(page, "print ✓").last().locator(".wrong")).hasText(Pattern.compile("\\w{3}"));
    }

    @Test
    @Order(2)
    void rules_lead_to_the_logs_they_count() {
        page.navigate("/ui/?page=alerts&live=true");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("level:ERROR"))
                .click();
        assertThat(page).hasURL("/ui/?q=level%3AERROR");
    }

    @Test
    @Order(3)
    void alerts_are_seen_silenced_and_sent_for_a_try() {
        page.navigate("/ui/?page=alerts");
        assertThat(rule("level:ERROR")).containsText(">= 10 in 60 s");
        assertThat(page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Firing now")))
                .containsText(Pattern.compile("ERROR.*warning.*12"));
        button(page, "Test print").click();
        assertThat(page.getByText("✓ delivered")).isVisible();

        button(page, "New silence…").click();
        field(page, "Rule").fill("ERROR");
        field(page, "Comment").fill("a try");
        button(page, "Silence").click();
        assertThat(line(page, "a try")).containsText("ERROR");
        button(line(page, "a try"), "End").click();
        page.getByText("End it?").click();
        assertThat(page.getByText("None: every alert is told.")).isVisible();
    }

    @Test
    @Order(4)
    void a_search_becomes_a_rule() throws IOException {
        page.navigate("/ui/?q=level:ERROR%20%22card%20declined%22");
        button(page, "Alert").click();
        field(page, "Name").fill("declined");
        field(page, "From so many logs").fill("3");
        button(page, "Copy YAML").click();
        Files.writeString(RULES, clipboard(page));

        page.navigate("/ui/?page=alerts");
        assertThat(rule("level:ERROR \"card declined\"")).containsText(">= 3 in 300 s");
    }

    @Test
    @Order(5)
    void what_was_taken_as_plain_text_becomes_a_rule_for_that_text() {
        page.navigate("/ui/?q=failed:%20%29");
        assertThat(page.getByText("Searched as plain text.")).isVisible();
        button(page, "Alert").click();
        assertThat(page.locator(".yaml")).containsText("match: {q: \"\\\"failed: )\\\"\"}");
    }

    private Locator rule(String search) {
        return page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Rules"))
                .locator("tbody tr")
                .filter(new Locator.FilterOptions().setHasText(search));
    }
}
