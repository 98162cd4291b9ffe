package logaggregator.explorer;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.Locale;

/** Pictures of the pages; {@code -Dscreenshots=docs/images} renews those of the documentation. */
final class Pictures {

    private static final Path FOLDER = Path.of(System.getProperty("screenshots", "target/screenshots"));

    private Pictures() {}

    static void take(Page page, String name, ColorScheme colours) {
        String file = name + "-" + colours.name().toLowerCase(Locale.ROOT) + ".png";
        page.screenshot(new Page.ScreenshotOptions().setPath(FOLDER.resolve(file)));
    }
}
