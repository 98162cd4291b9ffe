package logaggregator.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import logaggregator.search.Expression.Equal;
import logaggregator.search.Expression.Exists;
import logaggregator.search.Expression.InMessage;
import logaggregator.search.Expression.Like;
import logaggregator.search.Expression.Metadata;
import logaggregator.search.Expression.Not;
import logaggregator.search.Expression.NumberField;
import logaggregator.search.Expression.NumberWithin;
import logaggregator.search.Expression.Text;
import logaggregator.search.Expression.TextField;
import logaggregator.search.Expression.TextWithin;
import logaggregator.search.Expression.Time;
import logaggregator.search.Expression.TimeField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchParserTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final SearchParser PARSER = new SearchParser(Clock.fixed(NOW, ZoneOffset.UTC));

    private static final Expression A = word("a");
    private static final Expression B = word("b");
    private static final Expression C = word("c");

    private static Expression word(String text) {
        return new InMessage(Glob.literal(text));
    }

    private static Expression level(String level) {
        return new Text(TextField.LEVEL, Glob.of(level));
    }

    private static Expression metadata(Expression.Condition condition, String... path) {
        return new Metadata(List.of(path), condition);
    }

    private static Expression parse(String search) {
        return PARSER.parse(search);
    }

    @Test
    void words_that_follow_one_another_must_all_be_there() {
        assertThat(parse("a b c")).isEqualTo(Expression.and(List.of(A, B, C)));
        assertThat(parse("a\tb\nc")).isEqualTo(parse("a b c"));
        assertThat(parse("+a +b")).isEqualTo(parse("a AND b"));
    }

    @Test
    void a_blank_search_and_a_star_match_all() {
        for (String search : List.of("", "  ", "*", "*:*", "message:*")) {
            assertThat(parse(search)).as(search).isEqualTo(Expression.ALL);
        }
    }

    @Test
    void and_binds_closer_than_or_and_not_closest() {
        assertThat(parse("a OR b AND c")).isEqualTo(Expression.or(List.of(A, Expression.and(List.of(B, C)))));
        assertThat(parse("(a OR b) AND c")).isEqualTo(Expression.and(List.of(Expression.or(List.of(A, B)), C)));
        assertThat(parse("NOT a AND b")).isEqualTo(Expression.and(List.of(new Not(A), B)));
        assertThat(parse("NOT (a OR b)")).isEqualTo(new Not(Expression.or(List.of(A, B))));
        assertThat(parse("a && !b")).isEqualTo(parse("a AND NOT b"));
        assertThat(parse("a || b")).isEqualTo(parse("a OR b"));
        assertThat(parse("a -b")).isEqualTo(Expression.and(List.of(A, new Not(B))));
    }

    @Test
    void operators_are_words_in_lower_case_or_quoted() {
        assertThat(parse("a or b")).isEqualTo(Expression.and(List.of(A, word("or"), B)));
        assertThat(parse("\"OR\"")).isEqualTo(word("OR"));
    }

    @Test
    void quotes_hold_words_together_and_wildcards_back() {
        assertThat(parse("\"a b\"")).isEqualTo(word("a b"));
        assertThat(parse("\"a*\"")).isEqualTo(word("a*"));
        assertThat(parse("\"say \\\"a\\\" \\\\\"")).isEqualTo(word("say \"a\" \\"));
        assertThat(parse("\"AND (\"")).isEqualTo(word("AND ("));
    }

    @Test
    void a_backslash_takes_the_next_character_literally() {
        assertThat(parse("a\\*")).isEqualTo(word("a*"));
        assertThat(parse("a\\:b")).isEqualTo(word("a:b"));
        assertThat(parse("\\(a\\)")).isEqualTo(word("(a)"));
        assertThat(parse("a\\\\b")).isEqualTo(word("a\\b"));
        assertThat(parse("a\\ b")).isEqualTo(word("a b"));
        assertThat(parse("a*b?\\?")).isEqualTo(new InMessage(Glob.of("a*b?\\?")));
    }

    @Test
    void a_field_belongs_to_the_next_term_or_parentheses() {
        assertThat(parse("service:pay a"))
                .isEqualTo(Expression.and(List.of(new Text(TextField.SERVICE, Glob.of("pay")), A)));
        assertThat(parse("level:(ERROR OR CRITICAL)"))
                .isEqualTo(Expression.or(List.of(level("ERROR"), level("CRITICAL"))));
        assertThat(parse("app:pay*")).isEqualTo(new Text(TextField.APP, Glob.of("pay*")));
    }

    @ParameterizedTest
    @CsvSource({"error, ERROR", "warn, WARNING", "Warning, WARNING", "e*, E*", "\"err\", ERR"})
    void levels_are_written_as_they_are_stored(String level, String stored) {
        assertThat(parse("level:" + level)).isEqualTo(level(stored));
    }

    @Test
    void metadata_is_found_by_the_path_of_its_keys() {
        assertThat(parse("metadata_.user.id:42")).isEqualTo(metadata(new Equal("42", false), "user", "id"));
        assertThat(parse("metadata_.user:\"42\"")).isEqualTo(metadata(new Equal("42", true), "user"));
        assertThat(parse("metadata_.a\\.b:x")).isEqualTo(metadata(new Equal("x", false), "a.b"));
        assertThat(parse("metadata_.a:*")).isEqualTo(metadata(new Exists(), "a"));
        assertThat(parse("metadata_.a:x*")).isEqualTo(metadata(new Like(Glob.of("x*")), "a"));
    }

    @Test
    void ranges_have_bounds_that_belong_to_them_or_not() {
        assertThat(parse("metadata_.ms:[1 TO 2.5]")).isEqualTo(metadata(numbers("1", true, "2.5", true), "ms"));
        assertThat(parse("metadata_.ms:{1 TO 2]")).isEqualTo(metadata(numbers("1", false, "2", true), "ms"));
        assertThat(parse("metadata_.ms:[* TO 2}")).isEqualTo(metadata(numbers(null, true, "2", false), "ms"));
        assertThat(parse("metadata_.ms>=1")).isEqualTo(parse("metadata_.ms:[1 TO *]"));
        assertThat(parse("metadata_.ms>1")).isEqualTo(parse("metadata_.ms:{1 TO *]"));
        assertThat(parse("metadata_.v:[a TO b]"))
                .isEqualTo(metadata(new TextWithin(new Interval<>("a", true, "b", true)), "v"));
        assertThat(parse("id:[5 TO *]"))
                .isEqualTo(new Expression.Number(NumberField.ID, new Interval<>(5L, true, null, true)));
        assertThat(parse("app_id:7")).isEqualTo(new Expression.Number(NumberField.APP_ID, Interval.only(7L)));
    }

    private static NumberWithin numbers(String low, boolean includesLow, String high, boolean includesHigh) {
        return new NumberWithin(new Interval<>(
                low == null ? null : new BigDecimal(low),
                includesLow,
                high == null ? null : new BigDecimal(high),
                includesHigh));
    }

    @Test
    void times_are_dates_points_or_relative_to_now() {
        Instant day = Instant.parse("2026-01-31T00:00:00Z");
        assertThat(parse("timestamp:2026-01-31")).isEqualTo(time(Interval.from(day, day.plus(Duration.ofDays(1)))));
        assertThat(parse("timestamp:[2026-01-31 TO *]")).isEqualTo(time(new Interval<>(day, true, null, true)));
        assertThat(parse("timestamp:[2026-01-31T00\\:00\\:00Z TO *]")).isEqualTo(parse("timestamp:[2026-01-31 TO *]"));
        assertThat(parse("timestamp:[\"2026-01-31T00:00:00Z\" TO *]")).isEqualTo(parse("timestamp:[2026-01-31 TO *]"));
        assertThat(parse("timestamp:[\\-15m TO now]"))
                .isEqualTo(time(new Interval<>(NOW.minus(Duration.ofMinutes(15)), true, NOW, true)));
        assertThat(parse("received_at>=\"2026-01-31\""))
                .isEqualTo(new Time(TimeField.RECEIVED_AT, new Interval<>(day, true, null, true)));
    }

    private static Expression time(Interval<Instant> range) {
        return new Time(TimeField.TIMESTAMP, range);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(a                    | 3",
                "a)                    | 2",
                "a AND                 | 6",
                "a OR OR b             | 6",
                "level:                | 7",
                "lvel:ERROR            | 6",
                "a lvel:ERROR          | 8",
                "a AND id:x            | 10",
                "a timestamp:yesterday | 13",
                "a \"b                 | 5",
            })
    void an_error_says_where(String search, int position) {
        assertThatThrownBy(() -> parse(search))
                .isInstanceOf(InvalidSearchException.class)
                .hasMessageEndingWith("at position " + position);
    }

    @Test
    void an_unknown_field_is_answered_by_the_known_ones() {
        assertThatThrownBy(() -> parse("lvel:ERROR"))
                .isInstanceOf(InvalidSearchException.class)
                .hasMessageContainingAll(
                        "lvel", "message", "level", "service", "app_id", "timestamp", "metadata_.<key>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a.*/",
                "level:/a/",
                "a~",
                "a~2",
                "\"a b\"~3",
                "a^2",
                "(a b)^2",
                "fn:ordered(a b)",
                "(a b c)@2",
                "level:[a TO b]",
                "message:[a TO b]",
                "service:>a",
                "a\u0000",
                "metadata_:a",
                "metadata_.:a",
                "metadata_..a:b",
                "id:1.5",
                "id:99999999999999999999",
                "timestamp:2026-02-30"
            })
    void what_it_cant_do_is_refused(String search) {
        assertThatThrownBy(() -> parse(search))
                .isInstanceOf(InvalidSearchException.class)
                .message()
                .isNotBlank();
    }

    @Test
    void searches_have_limits() {
        assertThat(parse("a".repeat(SearchParser.MAX_LENGTH))).isNotNull();
        assertThat(parse("(".repeat(50) + "a" + ")".repeat(50))).isEqualTo(A);
        assertThat(parse(String.join(" ", Collections.nCopies(190, "a")))).isNotNull();

        assertThatThrownBy(() -> parse("a".repeat(SearchParser.MAX_LENGTH + 1)))
                .isInstanceOf(InvalidSearchException.class)
                .hasMessageContaining("2000 characters");
        assertThatThrownBy(() -> parse("(".repeat(51) + "a" + ")".repeat(51)))
                .isInstanceOf(InvalidSearchException.class)
                .hasMessageEndingWith("at position 51");
        assertThatThrownBy(() -> parse(String.join(" ", Collections.nCopies(201, "a"))))
                .isInstanceOf(InvalidSearchException.class)
                .hasMessageContaining("200 terms");
        assertThatThrownBy(() -> parse("NOT ".repeat(499) + "a")).isInstanceOf(InvalidSearchException.class);
        assertThatThrownBy(() -> parse("-".repeat(1_999) + "a")).isInstanceOf(InvalidSearchException.class);
    }
}
