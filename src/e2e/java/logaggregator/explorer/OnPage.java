package logaggregator.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;

/** What somebody finds on the pages of the explorer, by what it is called there. */
final class OnPage {

    private OnPage() {}

    static Locator search(Page page) {
        return page.getByRole(AriaRole.COMBOBOX, new Page.GetByRoleOptions().setName("Search"));
    }

    /** Of the completion. */
    static Locator options(Page page) {
        return page.getByRole(AriaRole.OPTION);
    }

    /** The logs of the list. */
    static Locator rows(Page page) {
        return page.locator(".rows .row");
    }

    /** As long as there are older logs. */
    static void scrollToTheEnd(Page page) {
        Locator end = page.locator(".end");
        for (int shown = rows(page).count();
                end.getByText("No older logs").count() == 0;
                shown = rows(page).count()) {
            end.scrollIntoViewIfNeeded();
            assertThat(rows(page)).not().hasCount(shown);
        }
    }

    /** The one whose details are shown. */
    static Locator openRow(Page page) {
        return page.locator(".row.open");
    }

    /** What stands above the list. */
    static Locator status(Page page) {
        return page.locator(".summary [role=status]");
    }

    /** What it says then. */
    static String showing(int shown, int all) {
        return "Showing %,d of %,d".formatted(shown, all);
    }

    /** A row of a table. */
    static Locator line(Page page, String text) {
        return page.locator("tbody tr").filter(new Locator.FilterOptions().setHasText(text));
    }

    static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    static Locator button(Locator within, String name) {
        return within.getByRole(
                AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    static Locator field(Page page, String label) {
        return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
    }

    static String clipboard(Page page) {
        return (String) page.evaluate("navigator.clipboard.readText()");
    }
}
