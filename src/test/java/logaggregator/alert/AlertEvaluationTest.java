package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import logaggregator.alert.Measured.Measure;
import logaggregator.search.SearchParser;
import logaggregator.store.RecentLogs.Gap;
import org.junit.jupiter.api.Test;

/** What is to be told, over time; each firing and end that is returned counts as told unless it says otherwise. */
class AlertEvaluationTest {

    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

    private final FakeAlertBook book = new FakeAlertBook();
    private final AlertEvaluation evaluation = new AlertEvaluation(book);
    private final Map<String, Instant> lastStored = new HashMap<>();
    private boolean channelsWork = true;
    private Instant since = START.minusSeconds(86_400);
    private List<Gap> gaps = List.of();
    private Duration delay = Duration.ZERO;

    private static AlertRule rule(String yaml) {
        return new RuleParser(new SearchParser(Clock.systemUTC()), 1)
                .parse("- {name: r, " + yaml + "}")
                .get(0);
    }

    private static final AlertRule TEN = rule("threshold: 10, interval_sec: 60");

    @Test
    void it_fires_once_in_an_interval_and_says_once_that_it_is_over() {
        assertThat(at(0, TEN, 9)).isEmpty();
        assertThat(at(5, TEN, 10)).containsExactly("firing 10");
        assertThat(at(10, TEN, 12)).isEmpty();
        assertThat(at(64, TEN, 12)).isEmpty();
        assertThat(at(65, TEN, 13)).containsExactly("firing 13");
        assertThat(at(70, TEN, 4)).containsExactly("resolved 4");
        assertThat(at(75, TEN, 4)).isEmpty();
    }

    @Test
    void what_begins_again_within_the_interval_fires_when_that_is_over() {
        at(0, TEN, 10);
        assertThat(at(5, TEN, 0)).containsExactly("resolved 0");
        assertThat(at(30, TEN, 10)).isEmpty();
        assertThat(at(60, TEN, 11)).containsExactly("firing 11");
        assertThat(book.states().get(0).startedAt()).isEqualTo(START.plusSeconds(30));
    }

    @Test
    void what_nobody_was_told_of_fires_until_somebody_is_told_and_then_ends() {
        channelsWork = false;
        assertThat(at(0, TEN, 10)).containsExactly("firing 10");
        assertThat(at(5, TEN, 11)).containsExactly("firing 11");
        assertThat(at(10, TEN, 0)).containsExactly("firing 11");
        channelsWork = true;
        assertThat(at(15, TEN, 0)).containsExactly("firing 11");
        assertThat(at(20, TEN, 0)).containsExactly("resolved 0");
        assertThat(at(25, TEN, 0)).isEmpty();
    }

    @Test
    void what_takes_longer_to_be_told_than_it_holds_is_told_once_and_ends_once() {
        channelsWork = false;
        List<AlertEvent> begun = evaluate(0, measure(TEN, Map.of("", 10L), true));
        at(5, TEN, 0);
        begun.forEach(book::note);
        channelsWork = true;
        assertThat(at(10, TEN, 0)).containsExactly("resolved 0");
        assertThat(at(15, TEN, 0)).isEmpty();
        assertThat(at(60, TEN, 0)).isEmpty();
    }

    @Test
    void what_nobody_can_be_told_of_for_an_hour_after_its_end_is_left() {
        channelsWork = false;
        at(0, TEN, 10);
        assertThat(at(7_200, TEN, 10)).containsExactly("firing 10");
        assertThat(at(7_205, TEN, 0)).containsExactly("firing 10");
        assertThat(at(10_804, TEN, 0)).containsExactly("firing 10");
        assertThat(at(10_805, TEN, 0)).isEmpty();
    }

    @Test
    void what_was_over_before_anybody_could_be_told_goes_on_if_it_holds_again() {
        channelsWork = false;
        at(0, TEN, 10);
        at(5, TEN, 0);
        assertThat(at(100, TEN, 20)).containsExactly("firing 20");
        assertThat(book.states().get(0).startedAt()).isEqualTo(START);
    }

    @Test
    void what_was_over_during_a_silence_is_not_told_afterwards() {
        book.silences.add(new Silence(1, "r", null, START, "", START));
        at(0, TEN, 10);
        at(5, TEN, 0);
        book.silences.clear();
        assertThat(at(10, TEN, 0)).isEmpty();
    }

    @Test
    void an_end_that_nobody_can_be_told_of_for_an_hour_is_left() {
        at(0, TEN, 10);
        channelsWork = false;
        assertThat(at(5, TEN, 0)).containsExactly("resolved 0");
        assertThat(at(3_604, TEN, 0)).containsExactly("resolved 0");
        assertThat(at(3_605, TEN, 0)).isEmpty();
        channelsWork = true;
        assertThat(at(3_610, TEN, 0)).isEmpty();
        assertThat(at(3_615, TEN, 10)).containsExactly("firing 10");
    }

    @Test
    void a_clock_that_was_set_back_keeps_no_alert_quiet() {
        at(7_200, TEN, 10);
        assertThat(at(3_600, TEN, 10)).containsExactly("firing 10");
        assertThat(at(3_605, TEN, 10)).isEmpty();
    }

    @Test
    void what_begins_and_ends_within_the_interval_of_what_was_told_is_not_told() {
        at(0, TEN, 10);
        at(5, TEN, 0);
        assertThat(at(30, TEN, 10)).isEmpty();
        assertThat(at(35, TEN, 0)).isEmpty();
        assertThat(at(60, TEN, 0)).isEmpty();
    }

    @Test
    void what_was_stored_while_nobody_evaluated_fires_and_is_over() {
        assertThat(at(0, TEN, 0)).isEmpty();
        assertThat(tick(600, missed(0, 12))).containsExactly("firing 12");
        assertThat(at(605, TEN, 0)).containsExactly("resolved 0");
    }

    @Test
    void what_it_fired_for_before_a_pause_is_not_taken_for_more_of_it() {
        at(0, TEN, 10);
        assertThat(tick(600, missed(3, 13))).containsExactly("resolved 3");
    }

    private Measure missed(long now, long meanwhile) {
        return new Measure(TEN, Map.of("", now), Map.of("", meanwhile), Map.of(), true);
    }

    @Test
    void an_end_that_nobody_was_told_of_comes_again() {
        at(0, TEN, 10);
        channelsWork = false;
        assertThat(at(5, TEN, 3)).containsExactly("resolved 3");
        assertThat(at(10, TEN, 0)).containsExactly("resolved 3");
        // it goes on as if it had never ended
        assertThat(at(15, TEN, 20)).isEmpty();
        channelsWork = true;
        assertThat(at(60, TEN, 20)).containsExactly("firing 20");
        assertThat(book.states().get(0).startedAt()).isEqualTo(START);
    }

    @Test
    void while_it_holds_it_repeats_as_often_as_wanted() {
        AlertRule rule = rule("threshold: 1, interval_sec: 60, repeat_every: 1h");

        assertThat(at(0, rule, 1)).hasSize(1);
        assertThat(at(60, rule, 1)).isEmpty();
        assertThat(at(3_600, rule, 1)).hasSize(1);
        at(3_605, rule, 0);
        assertThat(at(3_660, rule, 1)).containsExactly("firing 1");
    }

    @Test
    void who_hears_nothing_more_takes_it_for_over_only_when_it_would_have_been_repeated() {
        AlertRule rule = rule("threshold: 1, interval_sec: 60, repeat_every: 7d");
        AlertEvent event = new AlertEvent(rule, "", 1, START, null, 60, START);

        assertThat(event.expiresAt()).isAfter(START.plus(Duration.ofDays(7)));
        assertThat(new AlertEvent(rule, "", 1, START, START, 60, START).expiresAt())
                .isEqualTo(START);
    }

    @Test
    void each_group_is_an_alert_of_its_own() {
        AlertRule rule = rule("threshold: 2, interval_sec: 60, group_by: service");

        assertThat(tick(0, measure(rule, Map.of("a", 2L, "b", 1L, "c", 5L), true)))
                .containsExactlyInAnyOrder("firing 2 a", "firing 5 c");
        assertThat(tick(5, measure(rule, Map.of("a", 2L, "b", 2L), true)))
                .containsExactlyInAnyOrder("firing 2 b", "resolved 0 c");
    }

    @Test
    void too_few_are_too_few_only_where_it_was_counted_long_enough() {
        AlertRule rule = rule("threshold: '< 3', interval_sec: 60");
        since = START.minusSeconds(30);

        assertThat(at(0, rule, 1)).isEmpty();
        assertThat(at(30, rule, 1)).containsExactly("firing 1");
        assertThat(at(35, rule, 3)).containsExactly("resolved 3");
    }

    @Test
    void too_few_of_a_group_that_was_never_there_is_no_alert() {
        AlertRule rule = rule("threshold: '< 3', interval_sec: 60, group_by: service");
        lastStored.put("a", START.minusSeconds(7_200));

        assertThat(tick(0, measure(rule, Map.of("b", 1L), true))).containsExactly("firing 0 a");
        assertThat(book.states()).hasSize(1);
    }

    @Test
    void a_group_that_goes_quiet_fires_until_it_is_heard_again_or_forgotten() {
        AlertRule rule = rule("absent_for: 300, group_by: service");
        lastStored.put("a", START);
        lastStored.put("b", START.plusSeconds(200));

        assertThat(tick(299, measure(rule, Map.of(), true))).isEmpty();
        assertThat(tick(300, measure(rule, Map.of(), true))).containsExactly("firing 0 a");
        lastStored.put("a", START.plusSeconds(301));
        assertThat(tick(305, measure(rule, Map.of(), true))).containsExactly("resolved 0 a");
        assertThat(tick(605, measure(rule, Map.of(), true))).containsExactlyInAnyOrder("firing 0 a", "firing 0 b");
        lastStored.clear();
        assertThat(tick(610, measure(rule, Map.of(), true))).containsExactlyInAnyOrder("resolved 0 a", "resolved 0 b");
    }

    @Test
    void time_in_which_nothing_could_be_counted_is_no_silence() {
        assertOutageIsNoSilence(rule("absent_for: 300"));
    }

    @Test
    void what_could_not_be_counted_is_not_too_few() {
        assertOutageIsNoSilence(rule("threshold: '< 3', interval_sec: 300"));
    }

    private void assertOutageIsNoSilence(AlertRule rule) {
        lastStored.put("", START);
        gaps = List.of(new Gap(START.plusSeconds(600), Duration.ofSeconds(500)));
        assertThat(tick(600, measure(rule, Map.of(), true))).isEmpty();
        assertThat(tick(899, measure(rule, Map.of(), true))).isEmpty();
        assertThat(tick(900, measure(rule, Map.of(), true))).containsExactly("firing 0");

        // it is neither over nor new after the next one
        gaps = List.of(new Gap(START.plusSeconds(1_150), Duration.ofSeconds(200)));
        assertThat(tick(1_150, measure(rule, Map.of(), true))).isEmpty();
        // a short one is none
        gaps = List.of(new Gap(START.plusSeconds(1_190), Duration.ofSeconds(30)));
        assertThat(tick(1_200, measure(rule, Map.of(), true))).containsExactly("firing 0");
    }

    @Test
    void what_waits_in_the_queue_is_no_silence() {
        AlertRule rule = rule("absent_for: 300, group_by: service");
        lastStored.put("a", START);
        delay = Duration.ofSeconds(180);

        assertThat(tick(300, measure(rule, Map.of(), true))).isEmpty();
        delay = Duration.ofSeconds(20);
        assertThat(tick(305, measure(rule, Map.of(), true))).containsExactly("firing 0 a");
        // and it is over as soon as there is something
        delay = Duration.ofSeconds(180);
        lastStored.put("a", START.plusSeconds(306));
        assertThat(tick(310, measure(rule, Map.of(), true))).containsExactly("resolved 0 a");
    }

    @Test
    void without_time_to_count_everything_stays_as_it_is() {
        at(0, TEN, 10);

        assertThat(tick(5, measure(TEN, Map.of(), false))).isEmpty();
        assertThat(at(10, TEN, 0)).containsExactly("resolved 0");
    }

    @Test
    void a_silence_keeps_it_quiet_and_what_still_holds_fires_afterwards() {
        book.silences.add(new Silence(1, "r", null, START, "", START));
        assertThat(at(0, TEN, 10)).isEmpty();
        book.silences.clear();
        assertThat(at(5, TEN, 10)).containsExactly("firing 10");

        book.silences.add(new Silence(1, null, "", START, "", START));
        assertThat(at(10, TEN, 0)).isEmpty();
        book.silences.clear();
        assertThat(at(15, TEN, 0)).isEmpty();
    }

    @Test
    void an_alert_whose_rule_is_removed_is_over() {
        at(0, TEN, 10);

        assertThat(tick(5)).isEmpty();
        assertThat(tick(64)).isEmpty();
        assertThat(tick(65)).containsExactly("resolved 0");
        assertThat(tick(70)).isEmpty();
    }

    @Test
    void a_rule_that_only_some_processes_know_yet_is_not_removed() {
        at(0, TEN, 10);

        assertThat(tick(30)).isEmpty();
        assertThat(at(40, TEN, 12)).isEmpty();
        assertThat(tick(95)).isEmpty();
        assertThat(at(100, TEN, 13)).containsExactly("firing 13");
        assertThat(at(105, TEN, 0)).containsExactly("resolved 0");
    }

    @Test
    void what_a_rule_no_longer_groups_by_is_over_after_the_same_time() {
        AlertRule grouped = rule("threshold: 2, interval_sec: 60, group_by: service");
        tick(0, measure(grouped, Map.of("a", 2L), true));

        assertThat(at(5, TEN, 10)).containsExactly("firing 10");
        assertThat(at(64, TEN, 10)).isEmpty();
        assertThat(tick(65, measure(TEN, Map.of("", 10L), true)))
                .containsExactlyInAnyOrder("resolved 0 a", "firing 10");
    }

    @Test
    void who_was_held_up_while_another_evaluated_has_nothing_to_say() {
        at(0, TEN, 0);
        Measured heldUp = measured(5, measure(TEN, Map.of("", 10L), true));
        assertThat(at(20, TEN, 10)).containsExactly("firing 10");
        assertThat(at(25, TEN, 0)).containsExactly("resolved 0");

        assertThat(evaluation.evaluate(heldUp)).isEmpty();
        assertThat(book.states().get(0).endedAt()).isEqualTo(START.plusSeconds(25));
        assertThat(book.lastEvaluation()).isEqualTo(START.plusSeconds(25));
    }

    @Test
    void an_alert_ends_as_what_it_was_told_and_where_it_was_told() {
        AlertRule mild = rule("threshold: 1, interval_sec: 60, severity: mild, channels: [mail]");
        AlertRule severe = rule("threshold: 1, interval_sec: 60, severity: severe, channels: [slack]");
        at(0, mild, 1);

        AlertEvent again = event(60, severe, 1);
        assertThat(again.rule().severity()).isEqualTo("mild");
        assertThat(again.rule().channels()).containsExactly("slack");
        AlertEvent over = event(65, severe, 0);
        assertThat(over.rule().severity()).isEqualTo("mild");
        assertThat(over.rule().channels()).containsExactly("mail", "slack");
        assertThat(event(125, severe, 1).rule().severity()).isEqualTo("severe");
    }

    private AlertEvent event(int second, AlertRule rule, long count) {
        List<AlertEvent> events = evaluate(second, measure(rule, Map.of("", count), true));
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    private List<String> at(int second, AlertRule rule, long count) {
        return tick(second, measure(rule, count == 0 ? Map.of() : Map.of("", count), true));
    }

    private Measure measure(AlertRule rule, Map<String, Long> counts, boolean known) {
        return new Measure(rule, counts, Map.of(), Map.copyOf(lastStored), known);
    }

    private List<String> tick(int second, Measure... measures) {
        return evaluate(second, measures).stream()
                .map(event ->
                        ((event.isFiring() ? "firing " : "resolved ") + event.count() + " " + event.group()).strip())
                .toList();
    }

    private Measured measured(int second, Measure... measures) {
        return new Measured(
                START.plusSeconds(second), book.lastEvaluation(), since, gaps, delay, List.of(measures), true);
    }

    private List<AlertEvent> evaluate(int second, Measure... measures) {
        List<AlertEvent> events = evaluation.evaluate(measured(second, measures));
        if (channelsWork) {
            events.forEach(book::note);
        }
        return events;
    }
}
