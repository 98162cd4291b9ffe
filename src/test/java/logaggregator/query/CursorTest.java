package logaggregator.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import logaggregator.store.LogPage;
import logaggregator.store.StoredLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

    private static final Map<String, String[]> FILTER =
            Map.of("app", new String[] {"a", "b"}, "q", new String[] {"x"}, "limit", new String[] {"10"});

    private static StoredLog log(String time, long id) {
        Instant timestamp = Instant.parse(time);
        return new StoredLog(id, "INFO", "m", timestamp, null, "s", 1, "a", timestamp);
    }

    private static void assertRefused(String cursor, Map<String, String[]> parameters) {
        assertThatThrownBy(() -> Cursor.parse(cursor, parameters)).isInstanceOf(InvalidCursorException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-01T00:00:00.123456Z",
                "1970-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999999Z",
                "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59Z"
            })
    void leads_back_to_its_place(String time) {
        String cursor = Cursor.after(log(time, Long.MAX_VALUE), FILTER);

        assertThat(cursor).matches("[A-Za-z0-9_-]+");
        assertThat(Cursor.parse(cursor, FILTER)).isEqualTo(new LogPage.Position(Instant.parse(time), Long.MAX_VALUE));
    }

    @Test
    void is_good_for_pages_of_other_lengths() {
        String cursor = Cursor.after(log("2026-01-01T00:00:00Z", 7), FILTER);
        Map<String, String[]> longer = Map.of(
                "q", new String[] {"x"},
                "app", new String[] {"a", "b"},
                "cursor", new String[] {cursor},
                "count", new String[] {"true"},
                "limit", new String[] {"20"});

        assertThat(Cursor.parse(cursor, longer).id()).isEqualTo(7);
    }

    @Test
    void is_good_for_no_other_filter() {
        String cursor = Cursor.after(log("2026-01-01T00:00:00Z", 7), FILTER);

        assertRefused(cursor, Map.of());
        assertRefused(cursor, Map.of("app", new String[] {"a", "b"}));
        assertRefused(cursor, Map.of("app", new String[] {"a"}, "q", new String[] {"x"}));
        assertRefused(cursor, Map.of("app", new String[] {"a", "b"}, "q", new String[] {"y"}));
        assertRefused(
                cursor, Map.of("app", new String[] {"a", "b"}, "q", new String[] {"x"}, "order", new String[] {"asc"}));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "%%%", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "________________________________", "é"})
    void refuses_what_it_has_not_given_out(String cursor) {
        assertRefused(cursor, FILTER);
    }
}
