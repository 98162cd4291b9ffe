package logaggregator.explorer;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/** The browser of the machine. For one thread. */
public final class Chromium implements AutoCloseable {

    private static final Path PROGRAM = Path.of(System.getProperty("test.chromium", "/usr/bin/chromium"));

    /** Neither UTC nor where the tests run. */
    private static final String ZONE = "Asia/Kolkata";

    /** Its own files and the API of the service: all that it may ask for. */
    private static final Pattern OF_EXPLORER = Pattern.compile("^http://127\\.0\\.0\\.1:\\d+/(ui/|api/v1/)");

    /** Of whoever waits to see something: other programs may keep the machine busy. */
    private static final double PATIENCE_MS = 30_000;

    private static final AtomicBoolean missed = new AtomicBoolean();

    private final Playwright playwright;
    private final Browser browser;

    /** What pages have complained about, in their consoles or by errors that nobody caught, and what they should not have asked for. */
    private final List<String> complaints = new ArrayList<>();

    public Chromium() {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(PROGRAM)
                        .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));
    }

    /** Says so, loudly and once, if it isn't. */
    public static boolean isInstalled() {
        boolean installed = Files.isExecutable(PROGRAM);
        if (!installed && missed.compareAndSet(false, true)) {
            System.err.println("########## THE TESTS OF THE LOG EXPLORER ARE SKIPPED: no " + PROGRAM
                    + " here (apt-get install chromium) ##########");
        }
        return installed;
    }

    /**
     * A window of somebody who has never been here.
     *
     * @param home where addresses that name no host lead
     */
    public Page window(String home, int width, int height, ColorScheme colours) {
        return window(new Browser.NewContextOptions()
                .setBaseURL(home)
                .setViewportSize(width, height)
                .setColorScheme(colours));
    }

    /** A window of somebody who has typed this into what the browser asks with. */
    Page loggedIn(int width, int height, String user, String password) {
        return window(new Browser.NewContextOptions()
                .setViewportSize(width, height)
                .setColorScheme(ColorScheme.LIGHT)
                .setHttpCredentials(user, password));
    }

    private Page window(Browser.NewContextOptions options) {
        BrowserContext context = browser.newContext(options.setTimezoneId(ZONE)
                .setLocale("en-GB")
                .setPermissions(List.of("clipboard-read", "clipboard-write")));
        Page page = context.newPage();
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            // answers other than 200 are what some tests are about
            if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
                complaints.add(message.text());
            }
        });
        page.onRequest(request -> {
            boolean ofExplorer = page.url().contains("/ui/") && !request.isNavigationRequest();
            if (ofExplorer && !OF_EXPLORER.matcher(request.url()).find()) {
                complaints.add("the explorer asks for " + request.url());
            }
        });
        return page;
    }

    public void closeWindows() {
        List.copyOf(browser.contexts()).forEach(BrowserContext::close);
    }

    /** Those since they were taken last. */
    List<String> takeComplaints() {
        List<String> taken = List.copyOf(complaints);
        complaints.clear();
        return taken;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
