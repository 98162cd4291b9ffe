package logaggregator.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import logaggregator.support.TcpProxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.EnabledIf;

/** Somebody watches logs as they come in. */
@EnabledIf("logaggregator.explorer.Chromium#isInstalled")
class LiveIT {

    private static ExplorerServer server;
    private static Chromium chromium;

    private Page page;
    private String app;

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
    void open(TestInfo test) {
        page = chromium.page();
        app = test.getTestMethod().orElseThrow().getName();
        watch(server.url(""));
    }

    private void watch(String address) {
        page.navigate(address + "/ui/?live=true&q=app:" + app);
        assertThat(status()).hasText("Live");
    }

    @AfterEach
    void close() {
        page.context().close();
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void what_matches_appears_at_the_top() {
        send(app, "first");
        assertThat(rows().first()).containsText("first");
        send("other", "not asked for");
        send(app, "second");
        assertThat(rows().first()).containsText("second");
        assertThat(rows()).hasCount(2);

        page.keyboard().press("l");
        assertThat(page.locator(".summary [role=status]")).hasText("Showing 2 of 2");
    }

    @Test
    void nothing_moves_while_somebody_reads() {
        sendMany(100);
        assertThat(rows()).hasCount(100);
        page.locator(".rows").evaluate("list => { list.scrollTop = 400; }");
        String before = places();
        sendMany(30);
        assertThat(page.getByText("30 new")).isVisible();
        assertThat(rows()).hasCount(100);
        assertThat(places()).isEqualTo(before);

        page.getByText("30 new").click();
        assertThat(rows()).hasCount(130);
        rows().nth(3).locator(".line").click();
        send(app, "while a log is open");
        assertThat(page.getByText("1 new")).isVisible();
        page.keyboard().press("Escape");
        assertThat(rows()).hasCount(131);
    }

    @Test
    void it_can_be_paused() {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Pause")).click();
        send(app, "during the pause");
        assertThat(page.getByText("1 new")).isVisible();
        assertThat(rows()).hasCount(0);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Go on")).click();
        assertThat(rows()).hasCount(1);
    }

    @Test
    void a_connection_that_broke_comes_back_without_a_gap() {
        try (TcpProxy network = new TcpProxy(server.port())) {
            watch("http://127.0.0.1:" + network.port());
            send(app, "before");
            assertThat(rows()).hasCount(1);
            network.refuse(true);
            network.cut();
            assertThat(status()).hasText("Connection lost, trying again…");
            send(app, "meanwhile");
            network.heal();
            assertThat(status()).hasText("Live");
            send(app, "after");
            assertThat(rows()).hasCount(3);
            assertThat(rows().nth(1)).containsText("meanwhile");
        }
    }

    private String places() {
        return (String) page.locator(".rows")
                .evaluate("list => list.scrollTop + ' ' + [...list.querySelectorAll('.row')].map(row =>"
                        + " Math.round(row.getBoundingClientRect().top)).join()");
    }

    private static void send(String app, String message) {
        assertThat(server.api().ingest(record(app, message), "Prefer", "wait").status())
                .isEqualTo(200);
    }

    private void sendMany(int count) {
        String records = IntStream.range(0, count)
                .mapToObj(n -> record(app, "number " + n))
                .collect(Collectors.joining("\n"));
        assertThat(server.api().ingest(records, "Prefer", "wait").status()).isEqualTo(200);
    }

    private static String record(String app, String message) {
        return "{\"level\":\"INFO\",\"message\":\"%s\",\"service\":\"s\",\"app\":\"%s\"}".formatted(message, app);
    }

    private Locator rows() {
        return page.locator(".rows .row");
    }

    private Locator status() {
        return page.locator(".summary [role=status]");
    }
}
