package logaggregator.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static logaggregator.explorer.OnPage.button;
import static logaggregator.explorer.OnPage.openRow;
import static logaggregator.explorer.OnPage.rows;
import static logaggregator.explorer.OnPage.scrollToTheEnd;
import static logaggregator.explorer.OnPage.search;
import static logaggregator.explorer.OnPage.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever a log holds is shown as text, in its place, and does nothing. */
@Tag("browser")
class NastyLogsIT {

    private static final String HTML = "<script>window.hacked=1</script><img src=x onerror=\"window.hacked=2\">";

    @RegisterExtension
    static final Explorer explorer = Explorer.shared();

    private final Page page;

    NastyLogsIT(Page page) {
        this.page = page;
    }

    @AfterEach
    void close() {
        assertThat(page.evaluate("window.hacked")).isNull();
    }

    @Test
    void markup_is_text() {
        send("html", HTML, Map.of(HTML, HTML, "b", Map.of("\"quoted\" (key)", HTML)));
        open("html");
        assertThat(rows(page)).containsText(HTML);
        rows(page).locator(".line").click();
        assertThat(page.locator(".whole-message")).hasText(HTML);
        assertThat(page.locator(".field-table .value").getByText(HTML)).hasCount(2);
        button(openRow(page), "JSON").click();
        assertThat(page.locator(".json")).containsText("onerror");
        assertThat(page.locator(".fields summary").getByText(HTML)).isVisible();
    }

    @Test
    void values_with_any_characters_can_be_asked_for() {
        String value = "a\\b \"c\" (d) [e] *? : +-!";
        send("value", "m", Map.of("odd key: \"x\".y", value));
        send("value", "n", Map.of("odd key: \"x\".y", "other"));
        open("value");
        rows(page).last().locator(".line").click();
        openRow(page)
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(Pattern.compile("^Only logs with this odd key")))
                .click();
        assertThat(page.locator(".misread")).hasCount(0);
        assertThat(rows(page)).hasCount(1);
        assertThat(status(page)).hasText("Showing 1 of 1");
    }

    @Test
    void values_of_all_kinds_keep_what_they_are_and_can_be_asked_for() {
        List<String> fields = List.of("id", "below", "tags", "trace");
        send(
                "kinds",
                "m",
                Map.of("id", 1234567890123456789L, "below", -5, "tags", List.of("x y", "z"), "trace", "a\n\tat b (c)"));
        send(
                "kinds",
                "n",
                Map.of("id", 1234567890123456788L, "below", -6, "tags", List.of("w"), "trace", "a at b (c)"));
        for (String field : fields) {
            open("kinds");
            rows(page)
                    .filter(new Locator.FilterOptions().setHasText("m"))
                    .locator(".line")
                    .click();
            assertThat(openRow(page)).containsText("1234567890123456789");
            button(openRow(page), "Only logs with this " + field).first().click();
            assertThat(status(page)).hasText("Showing 1 of 1");
            assertThat(rows(page).locator(".message")).hasText("m");
            search(page).fill(search(page).inputValue().replaceFirst("^app:kinds ", "app:kinds -"));
            search(page).press("Enter");
            assertThat(rows(page).locator(".message")).hasText("n");
        }
        assertThat(page.locator(".misread")).hasCount(0);
    }

    @Test
    void a_message_of_200_kB_is_cut_in_the_list_and_whole_when_opened() {
        String message = "x".repeat(200_000) + " the end";
        send("long", message, Map.of("whole", message.substring(0, 60_000)));
        open("long");
        assertThat(rows(page).locator(".message")).hasText(Pattern.compile("^x{500}…$"));
        rows(page).locator(".line").click();
        assertThat(page.locator(".whole-message")).hasText(message);
        page.keyboard().press("Escape");
        assertThat(openRow(page)).hasCount(0);
    }

    @Test
    void a_page_full_of_long_messages_can_be_used() {
        for (int i = 0; i < 100; i += 50) {
            ingest(IntStream.range(i, i + 50)
                    .mapToObj(n -> record("heavy", "%d %s".formatted(n, "long ".repeat(40_000)), Map.of()))
                    .collect(Collectors.joining("\n")));
        }
        open("heavy");
        scrollToTheEnd(page);
        assertThat(rows(page)).hasCount(100);
        rows(page).nth(50).locator(".line").click();
        assertThat(openRow(page).locator(".whole-message")).containsText("49 long long");
        page.keyboard().press("Escape");
        page.keyboard().press("/");
        page.keyboard().press("End");
        page.keyboard().type(" 49");
        page.keyboard().press("Enter");
        assertThat(rows(page)).hasCount(1);
        assertThat(search(page)).hasValue("app:heavy 49");
    }

    @Test
    void three_hundred_fields_are_all_there() {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < 300; i++) {
            fields.put("field_" + i, i);
        }
        send("fields", "many", fields);
        open("fields");
        rows(page).locator(".line").click();
        assertThat(page.locator(".field-table tr")).hasCount(306);
    }

    @Test
    void writing_from_right_to_left_stays_in_its_place() {
        send("rtl", "مرحبا \u202Eevil", Map.of());
        open("rtl");
        assertThat(rows(page)).containsText("مرحبا");
        double time = rows(page).locator("time").boundingBox().x;
        double message = rows(page).locator(".message").boundingBox().x;
        assertThat(time).isLessThan(message);
    }

    @Test
    void colours_of_terminals_are_colours_and_other_controls_are_seen() {
        send("ansi", "\u001b[31mred\u001b[0m and \u001b[2Jplain\u0007 \u0000.", Map.of());
        open("ansi");
        assertThat(rows(page).locator(".message")).hasText("red and plain\u2407 \uFFFD.");
        rows(page).locator(".line").click();
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
                            "level",
                            "INFO",
                            "message",
                            "number " + i,
                            "service",
                            "s",
                            "app",
                            "same",
                            "timestamp",
                            time)))
                    .append('\n');
        }
        explorer.api().ingest(records.toString(), "Prefer", "wait");
        open("same");
        scrollToTheEnd(page);
        assertThat(rows(page)).hasCount(450);
        assertThat((Integer) page.evaluate(
                        "new Set([...document.querySelectorAll('.row .message')].map(m => m.textContent)).size"))
                .isEqualTo(450);
    }

    private static void send(String app, String message, Map<String, Object> metadata) {
        ingest(record(app, message, metadata));
    }

    private static String record(String app, String message, Map<String, Object> metadata) {
        return DemoLogs.json(
                Map.of("level", "INFO", "message", message, "service", "s", "app", app, "metadata_", metadata));
    }

    private static void ingest(String records) {
        assertThat(explorer.api().ingest(records, "Prefer", "wait").status()).isEqualTo(200);
    }

    private void open(String app) {
        page.navigate("/ui/?q=app:" + app);
        assertThat(rows(page).first()).isVisible();
    }
}
