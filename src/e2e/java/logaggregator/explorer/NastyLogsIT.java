package logaggregator.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Whatever a log holds is shown as text, in its place, and does nothing. */
@EnabledIf("logaggregator.explorer.Chromium#isInstalled")
class NastyLogsIT {

    private static final String HTML = "<script>window.hacked=1</script><img src=x onerror=\"window.hacked=2\">";

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
        assertThat(page.evaluate("window.hacked")).isNull();
        page.context().close();
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void markup_is_text() {
        send("html", HTML, Map.of(HTML, HTML, "b", Map.of("\"quoted\" (key)", HTML)));
        open("html");
        assertThat(rows()).containsText(HTML);
        rows().locator(".line").click();
        assertThat(page.locator(".whole-message")).hasText(HTML);
        assertThat(page.locator(".field-table .value").getByText(HTML)).hasCount(2);
        page.locator(".row.open")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("JSON").setExact(true))
                .click();
        assertThat(page.locator(".json")).containsText("onerror");
        assertThat(page.locator(".fields summary").getByText(HTML)).isVisible();
    }

    @Test
    void values_with_any_characters_can_be_asked_for() {
        String value = "a\\b \"c\" (d) [e] *? : +-!";
        send("value", "m", Map.of("odd key: \"x\".y", value));
        send("value", "n", Map.of("odd key: \"x\".y", "other"));
        open("value");
        rows().last().locator(".line").click();
        page.locator(".row.open")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(Pattern.compile("^Only logs with this odd key")))
                .click();
        assertThat(page.locator(".misread")).hasCount(0);
        assertThat(rows()).hasCount(1);
        assertThat(page.locator(".summary [role=status]")).hasText("Showing 1 of 1");
    }

    @Test
    void a_message_of_200_kB_is_cut_in_the_list_and_whole_when_opened() {
        String message = "x".repeat(200_000) + " the end";
        send("long", message.substring(0, 65_000), Map.of("whole", message.substring(0, 60_000)));
        open("long");
        assertThat(rows().locator(".message")).hasText(Pattern.compile("x…$"));
        rows().locator(".line").click();
        assertThat(page.locator(".whole-message")).hasText(message.substring(0, 65_000));
        page.keyboard().press("Escape");
        assertThat(page.locator(".row.open")).hasCount(0);
    }

    @Test
    void three_hundred_fields_are_all_there() {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < 300; i++) {
            fields.put("field_" + i, i);
        }
        send("fields", "many", fields);
        open("fields");
        rows().locator(".line").click();
        assertThat(page.locator(".field-table tr")).hasCount(306);
    }

    @Test
    void writing_from_right_to_left_stays_in_its_place() {
        send("rtl", "مرحبا \u202Eevil", Map.of());
        open("rtl");
        assertThat(rows()).containsText("مرحبا");
        double time = rows().locator("time").boundingBox().x;
        double message = rows().locator(".message").boundingBox().x;
        assertThat(time).isLessThan(message);
    }

    @Test
    void colours_of_terminals_are_colours_and_other_controls_are_seen() {
        send("ansi", "\u001b[31mred\u001b[0m and \u001b[2Jplain\u0007 \u0000.", Map.of());
        open("ansi");
        assertThat(rows().locator(".message")).hasText("red and plain\u2407 \uFFFD.");
        rows().locator(".line").click();
        assertThat(page.locator(".whole-message .ansi-1")).hasText("red");
        assertThat(page.locator(".whole-message")).hasText("red and plain\u2407 \uFFFD.");
        assertThat(page.locator(".field-table")).containsText("sanitized");
    }

    @Test
    void logs_of_the_same_moment_are_all_there_in_one_order() {
        String time = Instant.now().minusSeconds(60).toString();
        StringBuilder records = new StringBuilder();
        for (int i = 0; i < 450; i++) {
            records.append(DemoLogs.json(Map.of(
                            "level", "INFO", "message", "number " + i, "service", "s", "app", "same", "timestamp", time)))
                    .append('\n');
        }
        server.api().ingest(records.toString(), "Prefer", "wait");
        open("same");
        page.locator(".end").scrollIntoViewIfNeeded();
        assertThat(rows()).hasCount(450);
        assertThat((Integer) page.evaluate("new Set([...document.querySelectorAll('.row .message')].map(m => m.textContent)).size"))
                .isEqualTo(450);
    }

    private static void send(String app, String message, Map<String, Object> metadata) {
        String record = DemoLogs.json(
                Map.of("level", "INFO", "message", message, "service", "s", "app", app, "metadata_", metadata));
        assertThat(server.api().ingest(record, "Prefer", "wait").status()).isEqualTo(200);
    }

    private void open(String app) {
        page.navigate(server.url("/ui/?q=app:" + app));
        assertThat(rows().first()).isVisible();
    }

    private Locator rows() {
        return page.locator(".rows .row");
    }
}
