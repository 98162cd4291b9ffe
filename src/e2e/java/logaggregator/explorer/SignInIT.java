package logaggregator.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Where the service wants a key, a browser trades it for a session. */
@EnabledIf("logaggregator.explorer.Chromium#isInstalled")
class SignInIT {

    private static final String KEY = "a-key-that-may-do-everything";

    private static ExplorerServer server;
    private static Chromium chromium;

    @BeforeAll
    static void start() {
        server = new ExplorerServer("access.api-keys=" + KEY);
        chromium = new Chromium();
    }

    @AfterAll
    static void stop() {
        chromium.close();
        server.close();
    }

    @Test
    void a_key_opens_the_explorer_and_is_kept_nowhere() {
        Page page = chromium.page();
        page.navigate(server.url("/ui/?q=level:INFO"));
        page.getByLabel("API key").fill("not the key that it should be");
        page.getByLabel("API key").press("Enter");
        assertThat(page.getByText("that is no valid key")).isVisible();
        assertThat(page.locator(".rows")).hasCount(0);

        page.getByLabel("API key").fill(KEY);
        page.getByLabel("API key").press("Enter");
        assertThat(page.getByText("No logs yet")).isVisible();
        assertThat(page).hasURL(server.url("/ui/?q=level:INFO"));
        assertThat(page.context().cookies()).singleElement().satisfies(SignInIT::isSafe);
        assertThat((String) page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie"))
                .doesNotContain(KEY);
        page.reload();
        assertThat(page.getByText("No logs yet")).isVisible();

        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign out")).click();
        assertThat(page.getByLabel("API key")).isVisible();
        page.reload();
        assertThat(page.getByLabel("API key")).isVisible();
        assertThat(chromium.complaints()).isEmpty();
    }

    private static void isSafe(Cookie cookie) {
        assertThat(cookie.httpOnly).isTrue();
        assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.STRICT);
        assertThat(cookie.value).doesNotContain(KEY);
    }
}
