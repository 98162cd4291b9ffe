package logaggregator.explorer;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Page;
import java.util.List;

/** Looks for what keeps somebody from using a page as it is. */
final class Axe {

    private static final List<String> RULES =
            List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");

    private Axe() {}

    static List<String> problems(Page page) {
        return problems(new AxeBuilder(page));
    }

    /** @param part the only one that is looked at, as a selector */
    static List<String> problems(Page page, String part) {
        return problems(new AxeBuilder(page).include(part));
    }

    private static List<String> problems(AxeBuilder axe) {
        return axe.withTags(RULES).analyze().getViolations().stream()
                .map(Axe::text)
                .toList();
    }

    private static String text(Rule rule) {
        return rule.getImpact() + " " + rule.getId() + ": "
                + rule.getNodes().get(0).getHtml();
    }
}
