package logaggregator.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import logaggregator.support.Api;
import logaggregator.support.Database;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A service and a browser for the tests of a class, and a new window for each test, which fails if a page complained. Where there
 * is no browser the tests are skipped, with a loud line. For one thread.
 */
final class Explorer
        implements ExecutionCondition, BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    /** What windows of failed tests showed. */
    private static final Path FAILURES = Path.of("target/screenshots/failed");

    private final String[] settings;
    private ExplorerServer server;
    private Chromium chromium;
    private Page page;

    /** @param settings of the service, as {@code name=value} */
    Explorer(String... settings) {
        this.settings = settings;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return Chromium.isInstalled()
                ? ConditionEvaluationResult.enabled("there is a browser")
                : ConditionEvaluationResult.disabled("there is no browser");
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        server = new ExplorerServer(settings);
        chromium = new Chromium();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        page = chromium.window(1280, 800, ColorScheme.LIGHT);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            String name = context.getRequiredTestClass().getSimpleName() + "-"
                    + context.getRequiredTestMethod().getName();
            page.screenshot(new Page.ScreenshotOptions().setPath(FAILURES.resolve(name + ".png")));
        }
        chromium.closeWindows();
        assertThat(chromium.takeComplaints()).isEmpty();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (chromium != null) {
            chromium.close();
        }
        if (server != null) {
            server.close();
        }
    }

    /** The window of this test, of somebody who has never been here. */
    Page page() {
        return page;
    }

    /** One more. */
    Page window(int width, int height, ColorScheme colours) {
        return chromium.window(width, height, colours);
    }

    /** One more, of an operator who has logged in. */
    Page operator(int width, int height, String user, String password) {
        return chromium.loggedIn(width, height, user, password);
    }

    /** At the management port. */
    String managementUrl(String path) {
        return server.managementUrl(path);
    }

    String url(String path) {
        return server.url(path);
    }

    int port() {
        return server.port();
    }

    Api api() {
        return server.api();
    }

    Database database() {
        return server.database();
    }

    /** Nothing leaves the queue any more. */
    void keepQueue() {
        server.keepQueue();
    }
}
