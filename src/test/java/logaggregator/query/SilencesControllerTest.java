package logaggregator.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import logaggregator.alert.AlertBook;
import logaggregator.alert.Silence;
import logaggregator.ingest.InvalidBodyException;
import org.junit.jupiter.api.Test;

/** Silences end by the clock that decides whether they have ended. */
class SilencesControllerTest {

    private static final Instant NOW_IN_THE_DATABASE = Instant.parse("2036-01-31T12:00:00Z");

    private final AlertBook book = (AlertBook) Proxy.newProxyInstance(
            AlertBook.class.getClassLoader(),
            new Class<?>[] {AlertBook.class},
            (proxy, method, values) -> method.getName().equals("now")
                    ? NOW_IN_THE_DATABASE
                    : new Silence(1, "ERROR", null, (Instant) values[2], "", NOW_IN_THE_DATABASE));

    private Silence create(String until) {
        String json = "{\"rule\":\"ERROR\",\"until\":\"" + until + "\"}";
        return new SilencesController(book)
                .create(json.getBytes(StandardCharsets.UTF_8))
                .getBody();
    }

    @Test
    void until_is_reckoned_by_the_clock_of_the_database() {
        assertThat(create("+2h").until()).isEqualTo(NOW_IN_THE_DATABASE.plusSeconds(7_200));
        assertThatThrownBy(() -> create("2036-01-31T11:59:59Z")).isInstanceOf(InvalidBodyException.class);
    }
}
