package logaggregator.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How often the database is asked for sessions, and what ends with them. */
class SessionsTest {

    private static final String ADDRESS = "203.0.113.7";
    private static final int PER_SECOND = 20;

    private final FakeBook book = new FakeBook();
    private final ApiKeys keys =
            new ApiKeys(book, new AccessSettings("an-admin-key-of-the-settings", "", false, 0), Clock.systemUTC());
    private final Sessions sessions = new Sessions(book, keys, new Attempts(), Clock.systemUTC());

    @Test
    void what_has_not_the_form_of_a_session_is_not_looked_up() {
        for (String text :
                List.of("", "las_", "las_" + "x".repeat(42), "las_" + "x".repeat(44), "la_" + "x".repeat(43))) {
            assertThat(sessions.find(text, ADDRESS)).isNull();
        }
        assertThat(sessions.find("las_" + ".".repeat(43), ADDRESS)).isNull();

        assertThat(book.asked).hasValue(0);
    }

    @Test
    void an_invented_session_is_looked_up_once() {
        IntStream.range(0, 100)
                .forEach(n -> assertThat(sessions.find(invented(1), ADDRESS)).isNull());

        assertThat(book.asked).hasValue(1);
    }

    @Test
    void whoever_invents_sessions_is_not_answered_for_long_and_others_are() {
        // what is counted begins anew with each second
        assertThatThrownBy(() -> times(10 * PER_SECOND, n -> sessions.find(invented(n), ADDRESS)))
                .isInstanceOf(TooManyAttemptsException.class);

        assertThat(book.asked.get()).isBetween(PER_SECOND, 5 * PER_SECOND);
        assertThat(sessions.find(invented(-1), "203.0.113.8")).isNull();
    }

    @Test
    void sessions_that_there_are_do_not_count() {
        Access owner = keys.find("an-admin-key-of-the-settings");

        times(10 * PER_SECOND, n -> assertThat(
                        sessions.find(sessions.begin(owner), ADDRESS).account())
                .isEqualTo(owner.account()));
    }

    @Test
    void what_goes_on_by_a_session_ends_with_it_and_what_goes_on_by_its_key_does_not() {
        Access owner = keys.find("an-admin-key-of-the-settings");
        String here = sessions.begin(owner);
        String elsewhere = sessions.begin(owner);
        Access byHere = sessions.find(here, ADDRESS);
        Access byElsewhere = sessions.find(elsewhere, ADDRESS);
        sessions.check();
        assertThat(List.of(owner, byHere, byElsewhere)).allMatch(sessions::isCurrent);

        sessions.end(here);
        book.removeSession(Secret.of(elsewhere));

        assertThat(sessions.isCurrent(byHere)).isFalse();
        assertThat(sessions.isCurrent(byElsewhere)).isTrue();
        sessions.check();
        assertThat(sessions.isCurrent(byElsewhere)).isFalse();
        assertThat(sessions.isCurrent(owner)).isTrue();
    }

    private static void times(int times, IntConsumer action) {
        IntStream.range(0, times).forEach(action);
    }

    private static String invented(int number) {
        return "las_" + String.format("%043d", number);
    }

    private static final class FakeBook implements KeyBook {

        private final AtomicInteger asked = new AtomicInteger();
        private final Map<String, String> accounts = new HashMap<>();

        @Override
        public List<Kept> keys() {
            return List.of();
        }

        @Override
        public ApiKey add(NewKey key, String prefix, Secret secret) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ApiKey revoke(long id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void noteUse(Map<Long, Instant> lastUsed) {}

        @Override
        public void addSession(Secret session, String account, Instant until) {
            accounts.put(session.shortName(), account);
        }

        @Override
        public String sessionOf(Secret session) {
            asked.incrementAndGet();
            return accounts.get(session.shortName());
        }

        @Override
        public Set<Secret> running(Collection<Secret> sessions) {
            return sessions.stream()
                    .filter(session -> accounts.containsKey(session.shortName()))
                    .collect(Collectors.toSet());
        }

        @Override
        public void removeSession(Secret session) {
            accounts.remove(session.shortName());
        }

        @Override
        public void pruneSessions(Collection<String> known) {}
    }
}
