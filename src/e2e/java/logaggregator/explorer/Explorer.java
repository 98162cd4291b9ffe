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
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A service and a browser for the tests of a class. Each test gets a window for its parameter of type {@link Page}, in which
 * addresses begin at the service, and fails if a page complained. Where there is no browser the tests are skipped, with a loud
 * line. For one thread.
 */
final class Explorer
        implements ExecutionCondition, BeforeAllCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {

    /** What windows of failed tests showed. */
    private static final Path FAILURES = Path.of("target/screenshots/failed");

    /** One for all classes; it ends with this JVM. */
    private static Chromium chromium;

    private final boolean shared;
    private final String[] settings;
    private ExplorerServer server;
    private Page page;

    /**
     * On a service of its own, with nothing but what its tests send.
     *
     * @param settings of the service, as {@code name=value}
     */
    Explorer(String... settings) {
        this(false, settings);
    }

    private Explorer(boolean shared, String... settings) {
        this.shared = shared;
        this.settings = settings;
    }

    /** On {@link ExplorerServer#shared()}. What a test sends for apps of its own is deleted after it. */
    static Explorer shared() {
        return new Explorer(true);
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return Chromium.isInstalled()
                ? ConditionEvaluationResult.enabled("there is a browser")
                : ConditionEvaluationResult.disabled("there is no browser");
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        server = shared ? ExplorerServer.shared() : new ExplorerServer(settings);
        if (chromium == null) {
            chromium = new Chromium();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Page.class;
    }

    @Override
    public Page resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return page();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (page != null && context.getExecutionException().isPresent()) {
            String name = context.getRequiredTestClass().getSimpleName() + "-"
                    + context.getRequiredTestMethod().getName();
            page.screenshot(new Page.ScreenshotOptions().setPath(FAILURES.resolve(name + ".png")));
        }
        page = null;
        chromium.closeWindows();
        if (shared) {
            server.deleteGuests();
        }
        assertThat(chromium.takeComplaints()).isEmpty();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (server != null && !shared) {
            server.close();
        }
    }

    /** A window of somebody who has never been here; this one is pictured if the test fails. */
    Page page() {
        page = window(1280, 800, ColorScheme.LIGHT);
        return page;
    }

    /** One more. */
    Page window(int width, int height, ColorScheme colours) {
        return chromium.window(url(""), width, height, colours);
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

    /** Nothing leaves the queue until this is closed. */
    AutoCloseable keptQueue() {
        return server.keptQueue();
    }
}
