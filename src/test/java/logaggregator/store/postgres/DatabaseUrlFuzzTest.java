package logaggregator.store.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Properties;
import logaggregator.settings.InvalidSettingException;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** Any text: a place that the driver understands, or an error that names the setting and shows nothing of it. */
class DatabaseUrlFuzzTest {

    @FuzzTest
    void url(byte[] bytes) {
        String url = new String(bytes, UTF_8);
        DatabaseLocation location;
        try {
            location = DatabaseUrl.parse(url);
        } catch (InvalidSettingException e) {
            assertThat(e.getMessage()).startsWith("DATABASE_URL ");
            assertThat(e.getCause()).isNull();
            return;
        }
        assertThat(location.jdbcUrl()).startsWith("jdbc:postgresql://").doesNotContain("@", "?");
        Properties understood = Driver.parseURL(location.jdbcUrl(), location.properties());
        assertThat(understood).as("what the driver reads in %s", location).isNotNull();
        for (String port : PGProperty.PG_PORT.getOrDefault(understood).split(",")) {
            assertThat(Integer.parseInt(port)).isBetween(1, 65_535);
        }
        assertThat(PGProperty.PG_HOST.getOrDefault(understood)).isNotBlank();
    }
}
