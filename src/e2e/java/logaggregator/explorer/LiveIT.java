package logaggregator.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static logaggregator.explorer.OnPage.button;
import static logaggregator.explorer.OnPage.openRow;
import static logaggregator.explorer.OnPage.rows;
import static logaggregator.explorer.OnPage.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.support.TcpProxy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Somebody watches logs as they come in. */
@Tag("browser")
class LiveIT {

    @RegisterExtension
    static final Explorer explorer = Explorer.shared();

    private final Page page;
    private final String app;

    LiveIT(Page page, TestInfo test) {
        this.page = page;
        app = test.getTestMethod().orElseThrow().getName();
    }

    @BeforeEach
    void watch() {
        watch("");
    }

    private void watch(String host) {
        page.navigate(host + "/ui/?live=true&q=app:" + app);
        assertThat(status(page)).hasText("Live");
    }

    @Test
    void what_matches_appears_at_the_top() {
        send(app, "first");
        assertThat(rows(page).first()).containsText("first");
        send("other", "not asked for");
        send(app, "second");
        assertThat(rows(page).first()).containsText("second");
        assertThat(rows(page)).hasCount(2);

        page.keyboard().press("l");
        assertThat(status(page)).hasText("Showing 2 of 2");
    }

    @Test
    void nothing_moves_while_somebody_reads() {
        sendMany(100);
        assertThat(rows(page)).hasCount(100);
        page.locator(".rows").evaluate("list => { list.scrollTop = 400; }");
        String before = places();
        sendMany(30);
        assertThat(page.getByText("30 new")).isVisible();
        assertThat(rows(page)).hasCount(100);
        assertThat(places()).isEqualTo(before);

        page.getByText("30 new").click();
        assertThat(rows(page)).hasCount(130);
        rows(page).nth(3).locator(".line").click();
        send(app, "while a log is open");
        assertThat(page.getByText("1 new")).isVisible();
        page.keyboard().press("Escape");
        assertThat(rows(page)).hasCount(131);
    }

    @Test
    void a_log_that_was_open_before_holds_nothing_back() {
        send(app, "first");
        page.keyboard().press("l");
        assertThat(status(page)).hasText("Showing 1 of 1");
        rows(page).first().locator(".line").click();
        assertThat(openRow(page)).hasCount(1);
        page.keyboard().press("l");
        assertThat(status(page)).hasText("Live");
        send(app, "second");
        assertThat(rows(page).first()).containsText("second");
    }

    @Test
    void it_can_be_paused() {
        button(page, "Pause").click();
        send(app, "during the pause");
        assertThat(page.getByText("1 new")).isVisible();
        assertThat(rows(page)).hasCount(0);
        button(page, "Go on").click();
        assertThat(rows(page)).hasCount(1);
    }

    @Test
    void all_that_waits_is_counted_also_what_is_too_much_to_be_shown() {
        button(page, "Pause").click();
        for (int sent = 500; sent <= 2_500; sent += 500) {
            sendMany(500);
            assertThat(page.locator(".waiting")).hasText("%,d new ↑".formatted(sent));
        }
        button(page, "Go on").click();
        assertThat(rows(page)).hasCount(2_000);
        assertThat(page.getByText("older ones are let go")).isVisible();
    }

    @Test
    void what_the_service_left_out_is_told() {
        answers("{\"count\":17}", "{\"count\":17}");
        assertThat(page.getByText("34 logs came faster than could be shown here"))
                .isVisible();
        answers("{\"count\":17}", "{\"count\":null}");
        assertThat(page.getByText("Some logs may be missing here")).isVisible();
    }

    @Test
    void who_is_one_too_many_gets_their_turn() {
        page.route(
                "**/api/v1/logs/tail?*",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setStatus(429)
                        .setContentType("application/problem+json")
                        .setBody("{\"code\":\"too_many_listeners\",\"detail\":\"full\"}")),
                new Page.RouteOptions().setTimes(2));
        page.reload();
        assertThat(page.getByText("full")).isVisible();
        assertThat(status(page)).hasText("Live");
        assertThat(page.getByText("full")).hasCount(0);
    }

    private void answers(String... missed) {
        String events =
                Stream.of(missed).map("event: missed\ndata: %s\n\n"::formatted).collect(Collectors.joining());
        page.route(
                "**/api/v1/logs/tail?*",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("text/event-stream")
                        .setBody(events)),
                new Page.RouteOptions().setTimes(1));
        page.reload();
    }

    @Test
    void a_connection_that_broke_comes_back_without_a_gap() throws Exception {
        // however long the browser takes
        try (AutoCloseable kept = explorer.keptQueue();
                TcpProxy network = new TcpProxy(explorer.port())) {
            watch("http://127.0.0.1:" + network.port());
            send(app, "before");
            assertThat(rows(page)).hasCount(1);
            network.refuse(true);
            network.cut();
            assertThat(status(page)).hasText("Connection lost, trying again…");
            send(app, "meanwhile");
            network.heal();
            assertThat(status(page)).hasText("Live");
            send(app, "after");
            assertThat(rows(page)).hasCount(3);
            assertThat(rows(page).nth(1)).containsText("meanwhile");
        }
    }

    private String places() {
        return (String) page.locator(".rows")
                .evaluate("list => list.scrollTop + ' ' + [...list.querySelectorAll('.row')].map(row =>"
                        + " Math.round(row.getBoundingClientRect().top)).join()");
    }

    private static void send(String app, String message) {
        assertThat(explorer.api().ingest(record(app, message), "Prefer", "wait").status())
                .isEqualTo(200);
    }

    private void sendMany(int count) {
        String records = IntStream.range(0, count)
                .mapToObj(n -> record(app, "number " + n))
                .collect(Collectors.joining("\n"));
        assertThat(explorer.api().ingest(records, "Prefer", "wait").status()).isEqualTo(200);
    }

    private static String record(String app, String message) {
        return "{\"level\":\"INFO\",\"message\":\"%s\",\"service\":\"s\",\"app\":\"%s\"}".formatted(message, app);
    }
}
