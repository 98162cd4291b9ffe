package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import logaggregator.search.SearchParser;
import logaggregator.store.RecentLogs.Source;
import logaggregator.store.RecentLogs.SourceField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleParserTest {

    private final RuleParser parser = new RuleParser(new SearchParser(Clock.systemUTC()), 5);

    @Test
    void the_short_form_counts_a_level_or_a_service() {
        List<AlertRule> rules = parser.parse("""
                ERROR: {threshold: 10, interval_sec: 60}
                payment-service:
                  threshold: 5
                  interval_sec: 30
                WARN: {threshold: 3, interval_sec: 10}
                error: {threshold: 10, interval_sec: 60}
                """);

        assertThat(rules).extracting(AlertRule::name).containsExactly("ERROR", "payment-service", "WARN", "error");
        assertThat(rules.get(0).condition()).isEqualTo(new Condition.AtLeast(10));
        assertThat(rules.get(0).interval()).isEqualTo(60);
        assertThat(rules.get(0).match().covers(new Source("a", "ERROR", "s"))).isTrue();
        assertThat(rules.get(0).match().covers(new Source("a", "INFO", "ERROR")))
                .isFalse();
        assertThat(rules.get(1).match().covers(new Source("a", "INFO", "payment-service")))
                .isTrue();
        assertThat(rules.get(1).match().covers(new Source("a", "INFO", "other")))
                .isFalse();
        assertThat(rules.get(2).match().levels()).containsExactly("WARNING");
        assertThat(rules.get(3).match().levels()).containsExactly("ERROR");
    }

    @Test
    void the_full_form_says_everything() {
        List<AlertRule> rules = parser.parse("""
                ERROR: {threshold: 10, interval_sec: 60, severity: critical}
                rules:
                  - name: slow checkout
                    match: {level: [error, warn], service: checkout, app: shop, q: 'timeout AND metadata_.ms>500'}
                    threshold: ">= 3"
                    interval_sec: 5m
                    group_by: service
                    severity: page
                    channels: [slack, print]
                    message: "{count} slow in {group}: {first}"
                    repeat_every: 1h
                  - name: few
                    threshold: "<2"
                    interval_sec: 60
                    channels: print
                  - name: silent
                    absent_for: 10m
                    group_by: app
                """);

        AlertRule slow = rules.get(1);
        assertThat(slow.match().levels()).containsExactly("ERROR", "WARNING");
        assertThat(slow.match().needsSearch()).isTrue();
        assertThat(slow.condition()).isEqualTo(new Condition.AtLeast(3));
        assertThat(slow.interval()).isEqualTo(300);
        assertThat(slow.groupBy()).isEqualTo(SourceField.SERVICE);
        assertThat(slow.severity()).isEqualTo("page");
        assertThat(slow.channels()).containsExactly("slack", "print");
        assertThat(slow.message().showsLogs()).isTrue();
        assertThat(slow.repeatEvery()).isEqualTo(3600);
        AlertRule few = rules.get(2);
        assertThat(few.condition()).isEqualTo(new Condition.FewerThan(2));
        assertThat(few.channels()).containsExactly("print");
        assertThat(few.repeatEvery()).isEqualTo(60);
        assertThat(rules.get(3).condition()).isEqualTo(new Condition.AbsentFor(600));
        assertThat(rules.get(3).interval()).isEqualTo(600);
        assertThat(rules.get(0).severity()).isEqualTo("critical");
    }

    @Test
    void a_list_of_rules_alone_will_do() {
        assertThat(parser.parse("- {name: a, threshold: 1, interval_sec: 5}")).hasSize(1);
        assertThat(parser.parse("[]")).isEmpty();
    }

    @Test
    void a_rule_leads_to_its_logs() {
        AlertRule rule = parser.parse("""
                - name: r
                  match: {level: [ERROR, FATAL], service: "a b", q: x OR y}
                  threshold: 1
                  interval_sec: 5
                """).get(0);

        assertThat(search(rule, "")).isEqualTo("(level:ERROR OR level:FATAL) AND service:\"a b\" AND (x OR y)");
    }

    @Test
    void a_rule_that_groups_leads_to_the_logs_of_the_group_alone() {
        AlertRule searching = parser.parse("- {name: r, match: {q: timeout OR refused}, threshold: 1, interval_sec: 5}")
                .get(0);
        assertThat(search(searching, "")).isEqualTo("timeout OR refused");

        AlertRule grouping = parser.parse(
                        "- {name: r, match: {q: timeout OR refused}, threshold: 1, interval_sec: 5, group_by: service}")
                .get(0);
        assertThat(search(grouping, "db 1")).isEqualTo("service:\"db 1\" AND (timeout OR refused)");
    }

    /** What can be read. */
    private static String search(AlertRule rule, String group) {
        String search = rule.match().toSearch(rule.groupBy(), group);
        new SearchParser(Clock.systemUTC()).parse(search);
        return search;
    }

    @Test
    void the_shipped_file_and_what_is_built_in_are_the_rules_of_the_original() throws IOException {
        String shipped = Files.readString(Path.of("conf/alerts.yaml"));
        List<AlertRule> rules = parser.parse(shipped);

        assertThat(rules).isEqualTo(parser.parse(Files.readString(Path.of("src/main/resources/alerts.yaml"))));
        assertThat(rules)
                .extracting(AlertRule::name, AlertRule::condition, AlertRule::interval)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("ERROR", new Condition.AtLeast(10), 60),
                        org.assertj.core.groups.Tuple.tuple("payment-service", new Condition.AtLeast(5), 60));
        // the examples in it, too
        parser.parse(shipped.replaceAll("(?m)^# (rules:| )", "$1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "a: {threshold: 1, interval_sec: 5}\\nb: {threshold: x, interval_sec: 5} | line 2: threshold must be a number",
                "a: {threshold: 0, interval_sec: 5} | line 1: threshold must be a number",
                "a: {threshold: 1} | line 1: a needs an interval_sec",
                "a: {interval_sec: 5} | line 1: a needs either a threshold or absent_for",
                "a: {threshold: 1, interval_sec: 4} | line 1: interval_sec must be a number of seconds from 5",
                "a: {threshold: 1, interval_sec: 2d} | line 1: interval_sec must be a number of seconds from 5 to 86400",
                "a: {threshold: 1, interval_sec: 5, match: {}} | line 1: unknown field 'match'",
                "a: {threshold: 1, interval_sec: 5, threshold: 2} | line 1: 'threshold' comes twice",
                "a: {threshold: 1, interval_sec: 5}\\na: {threshold: 1, interval_sec: 5} | line 2: 'a' comes twice",
                "a:\\n  threshold: 1\\n  intervall: 5 | line 3: unknown field 'intervall'",
                "- {threshold: 1, interval_sec: 5} | line 1: an element of the file needs a name",
                "- {name: a, threshold: 1, interval_sec: 5}\\n- {name: a, threshold: 1, interval_sec: 5} | line 2: the rule has the name of another one: 'a'",
                "- name: a\\n  threshold: 1\\n  interval_sec: 5\\n  match: {q: 'x AND'} | line 4: q can't be read",
                "- name: a\\n  threshold: 1\\n  interval_sec: 5\\n  match: {q: 'timestamp:[now-1h TO *]'} | line 4: q can't be read: timestamp can't be relative to now",
                "- name: a\\n  threshold: 1\\n  interval_sec: 5\\n  match: {host: x} | line 4: unknown field 'host'",
                "- {name: a, threshold: 1, absent_for: 5, interval_sec: 5} | line 1: rule 'a' needs either",
                "- {name: a, match: {q: x}, absent_for: 5} | line 1: rule 'a' can't have both",
                "- {name: a, threshold: 1, interval_sec: 5, group_by: host} | line 1: group_by must be app, level or service",
                "- {name: a, threshold: 1, interval_sec: 5, channels: []} | line 1: channels must not be empty",
                "- {name: a, threshold: 1, interval_sec: 5, severity: very bad} | line 1: severity must be one word",
                "- {name: a, threshold: 1, interval_sec: 5, message: '{n} logs'} | line 1: message has unknown placeholders [n]",
                "- {name: a, threshold: 1, interval_sec: 60, repeat_every: 30} | line 1: repeat_every must be a number of seconds from 60",
                "- {name: ' ', threshold: 1, interval_sec: 60} | line 1: name must have 1 to 100 characters",
                "a: 5 | line 1: a must be a mapping",
                "just text | line 1: the file must be a mapping",
                "a: [1\\nb: 2 | line 2: it is not YAML",
                "a: 1\\n---\\nb: 2 | line 2: it is not YAML",
            })
    void what_cant_be_used_is_refused_with_its_line(String yaml, String problem) {
        assertThatThrownBy(() -> parser.parse(yaml.replace("\\n", "\n")))
                .isInstanceOf(InvalidRulesException.class)
                .hasMessageStartingWith(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"a\\0\": {threshold: 1, interval_sec: 5}",
                "\"a\\nb\": {threshold: 1, interval_sec: 5}",
                "a: {threshold: 1, interval_sec: 5, message: \"x\\0\"}",
                "a: {threshold: 1, interval_sec: 5, message: \"x\\ud83d\"}",
                "a: {threshold: 1, interval_sec: 5, channels: \"x\\x7f\"}",
                "- {name: \"a\\0\", threshold: 1, interval_sec: 5}",
                "- {name: a, match: {q: \"x\\0\"}, threshold: 1, interval_sec: 5}",
                "- {name: a, match: {app: \"x\\0\"}, threshold: 1, interval_sec: 5}",
            })
    void what_the_database_cannot_hold_is_refused(String yaml) {
        assertThatThrownBy(() -> parser.parse(yaml)).isInstanceOf(InvalidRulesException.class);
    }

    @Test
    void a_message_may_have_several_lines_in_any_writing() {
        assertThat(parser.parse("a: {threshold: 1, interval_sec: 5, message: \"1\\n\\t2 \\U0001F525\"}"))
                .singleElement()
                .satisfies(rule -> assertThat(rule.message().text()).isEqualTo("1\n\t2 \uD83D\uDD25"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "# nothing", "&a [*a]", "? [a]\n: b", "!!java.net.URL [x]", "\0", "a: &x {threshold: *x}"})
    void nothing_but_an_invalid_file_comes_of_any_text(String yaml) {
        assertThatThrownBy(() -> parser.parse(yaml)).isInstanceOf(InvalidRulesException.class);
    }
}
