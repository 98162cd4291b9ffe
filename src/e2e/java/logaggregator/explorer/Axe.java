package logaggregator.explorer;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Page;
import java.util.List;

/** Looks for what keeps somebody from using a page as it is. */
final class Axe {

    private static final List<String> RULES =
            List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");

    /** Looking at two hundred logs takes seconds, and finds what the first ten show. */
    private static final String MORE_OF_THE_SAME = ".row:nth-child(n + 11)";

    private Axe() {}

    static List<String> problems(Page page) {
        return problems(new AxeBuilder(page));
    }

    /** @param part the only one that is looked at, as a selector */
    static List<String> problems(Page page, String part) {
        return problems(new AxeBuilder(page).include(part));
    }

    private static List<String> problems(AxeBuilder axe) {
        // without frames it needs no window of its own
        return axe.setLegacyMode(true).exclude(MORE_OF_THE_SAME).withTags(RULES).analyze().getViolations().stream()
                .map(Axe::text)
                .toList();
    }

    private static String text(Rule rule) {
        return rule.getImpact() + " " + rule.getId() + ": "
                + rule.getNodes().get(0).getHtml();
    }
}
