package logaggregator.query;

import java.beans.PropertyEditorSupport;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.InitBinder;

/** Integers of paths and parameters are written in digits, not in every way that Spring reads: neither 0x5 nor "1 0" is one. */
@ControllerAdvice
class WholeNumbers {

    private static final Pattern DIGITS = Pattern.compile("-?[0-9]+");

    /** Editors, since after a converter that fails Spring tries its own. */
    @InitBinder
    void register(WebDataBinder binder) {
        binder.registerCustomEditor(int.class, new Editor(WholeNumbers::parseInt));
        binder.registerCustomEditor(long.class, new Editor(WholeNumbers::parseLong));
    }

    /** @throws NumberFormatException when it is none, or too large */
    static int parseInt(String text) {
        return Integer.parseInt(checked(text));
    }

    private static long parseLong(String text) {
        return Long.parseLong(checked(text));
    }

    private static String checked(String text) {
        if (!DIGITS.matcher(text).matches()) {
            throw new NumberFormatException("not in digits");
        }
        return text;
    }

    private static final class Editor extends PropertyEditorSupport {

        private final Function<String, Number> reading;

        Editor(Function<String, Number> reading) {
            this.reading = reading;
        }

        @Override
        public void setAsText(String text) {
            setValue(reading.apply(text));
        }
    }
}
