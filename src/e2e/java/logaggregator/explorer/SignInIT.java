package logaggregator.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static logaggregator.explorer.OnPage.button;
import static logaggregator.explorer.OnPage.field;
import static logaggregator.explorer.OnPage.rows;
import static logaggregator.explorer.OnPage.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import java.util.List;
import logaggregator.support.Api;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where the service wants a key, a browser trades it for a session. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("browser")
class SignInIT {

    private static final String KEY = "a-key-that-may-do-everything";

    @RegisterExtension
    static final Explorer explorer = new Explorer("access.api-keys=" + KEY);

    private final Page page;
    private final Api api = explorer.api().as(KEY);

    SignInIT(Page page) {
        this.page = page;
    }

    @Test
    @Order(1)
    void a_key_opens_the_explorer_and_is_kept_nowhere() {
        page.navigate("/ui/?q=level:INFO");
        signIn("not the key that it should be");
        assertThat(page.getByText("that is no valid key")).isVisible();
        assertThat(page.locator(".rows")).hasCount(0);

        signIn(KEY);
        assertThat(page.getByText("No logs yet")).isVisible();
        assertThat(page).hasURL("/ui/?q=level:INFO");
        assertThat(page.context().cookies()).singleElement().satisfies(SignInIT::isSafe);
        assertThat((String) page.evaluate(
                        "JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie"))
                .doesNotContain(KEY);
        page.reload();
        assertThat(page.getByText("No logs yet")).isVisible();
        // the first log is sent with a key, too
        assertThat(page.locator(".first pre")).containsText("-H 'X-API-Key: YOUR KEY'");
        assertThat(Axe.problems(page)).isEmpty();

        page.route("**/api/v1/session", Route::abort);
        button(page, "Sign out").click();
        assertThat(page.getByText("Still signed in: The service can’t be reached."))
                .isVisible();
        assertThat(page.getByText("No logs yet")).isVisible();
        page.unroute("**/api/v1/session");
        button(page, "Sign out").click();
        assertThat(field(page, "API key")).isVisible();
        page.reload();
        assertThat(field(page, "API key")).isVisible();
    }

    @Test
    @Order(2)
    void everybody_can_sign_in() {
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            Page window = explorer.window(1280, 760, colours);
            window.navigate("/ui/");
            assertThat(field(window, "API key")).isFocused();
            assertThat(Axe.problems(window)).isEmpty();
            Pictures.take(window, "sign-in", colours);
        }
        page.setViewportSize(360, 740);
        page.navigate("/ui/");
        assertThat(field(page, "API key")).isVisible();
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
        signIn(KEY);
        assertThat(button(page, "Sign out")).isVisible();
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
    }

    @Test
    @Order(3)
    void a_key_shows_what_it_may_read_until_it_is_revoked() {
        send("shop");
        send("billing");
        JsonNode reader = api.send(
                        "POST", "/api/v1/keys/", "{\"name\":\"reader\",\"scopes\":[\"read\"],\"apps\":[\"shop\"]}")
                .body();
        page.navigate("/ui/");
        signIn(reader.get("key").asText());
        assertThat(rows(page)).hasCount(1);
        assertThat(rows(page)).containsText("of shop");
        page.getByText("Status").click();
        assertThat(page.getByText("the key may not do this").first()).isVisible();

        api.delete("/api/v1/keys/" + reader.get("id").asText());
        page.getByText("Logs", new Page.GetByTextOptions().setExact(true))
                .first()
                .click();
        signIn(KEY);
        assertThat(status(page)).hasText("Showing 2 of 2");
    }

    private void signIn(String key) {
        field(page, "API key").fill(key);
        field(page, "API key").press("Enter");
    }

    private void send(String app) {
        String record =
                "{\"level\":\"INFO\",\"message\":\"of %s\",\"service\":\"s\",\"app\":\"%s\"}".formatted(app, app);
        assertThat(api.ingest(record, "Prefer", "wait").status()).isEqualTo(200);
    }

    private static void isSafe(Cookie cookie) {
        assertThat(cookie.httpOnly).isTrue();
        assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.STRICT);
        assertThat(cookie.value).doesNotContain(KEY);
    }
}
