package logaggregator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LevelTest {

    @ParameterizedTest
    @CsvSource({
        "info, INFO",
        "' Error ', ERROR",
        "warn, WARNING",
        "' WARN', WARNING",
        "warning, WARNING",
        "fatal, FATAL",
        "critical, CRITICAL",
        "Banana, BANANA",
        "warned, WARNED",
        "'  ', ''"
    })
    void normalizes_case_blanks_and_warn_and_keeps_other_names(String sent, String expected) {
        assertThat(Level.normalize(sent)).isEqualTo(expected);
    }

    @Test
    void does_not_depend_on_the_locale_of_the_machine() {
        Locale before = Locale.getDefault();
        Locale.setDefault(new Locale("tr"));
        try {
            assertThat(Level.normalize("info")).isEqualTo("INFO");
        } finally {
            Locale.setDefault(before);
        }
    }
}
