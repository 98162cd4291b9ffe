package logaggregator.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {

    @ParameterizedTest
    @CsvSource({
        "a*, abc, true",
        "a*, bca, false",
        "a?c, abc, true",
        "a?c, ac, false",
        "*, '', true",
        "a.c, abc, false",
        "a\\*, a*, true",
        "a\\*, ab, false",
        "a*, A, false",
        "*%*, 50%, true",
        "*_*, abc, false",
        "(a+)+$, aaaa, false",
        "[a-z], b, false",
    })
    void matches_whole_texts(String glob, String text, boolean matches) {
        assertThat(Glob.of(glob).matches(text)).isEqualTo(matches);
    }

    @Test
    void stars_and_question_marks_stand_for_line_breaks_too() {
        assertThat(Glob.of("a*c").matches("a\r\nc")).isTrue();
        assertThat(Glob.of("a?c").matches("a\nc")).isTrue();
    }

    @Test
    @Timeout(30)
    void many_stars_take_no_longer_than_one() {
        assertThat(Glob.of("*".repeat(100) + "b").matches("a".repeat(1_000))).isFalse();
        assertThat(Glob.of("*a".repeat(100) + "b").matches("a".repeat(65_536))).isFalse();
        assertThat(Glob.of("*a".repeat(100)).matches("a".repeat(65_536))).isTrue();
    }

    @Test
    @Timeout(20)
    void a_long_part_takes_no_longer_than_a_short_one() {
        String text = "a".repeat(65_536);
        Glob literal = Glob.literal("a".repeat(1_900) + "b");
        Glob wild = Glob.of("a?".repeat(950) + "b");

        for (int n = 0; n < 100; n++) {
            assertThat(literal.isFoundIn(text)).isFalse();
            assertThat(wild.isFoundIn(text)).isFalse();
        }
        assertThat(wild.isFoundIn(text + "b")).isTrue();
        assertThat(literal.isFoundIn(text + "B")).isTrue();
    }

    @Test
    void a_question_mark_stands_for_one_character_of_any_plane() {
        assertThat(Glob.of("?x").matches("😀x")).isTrue();
        assertThat(Glob.of("??x").matches("😀x")).isFalse();
    }

    @Test
    void is_found_in_upper_and_lower_case() {
        assertThat(Glob.of("b?D").isFoundIn("aBcDe")).isTrue();
        assertThat(Glob.literal("É").isFoundIn("café")).isTrue();
        assertThat(Glob.literal("bd").isFoundIn("abcde")).isFalse();
        assertThat(Glob.of("c:\\").isFoundIn("in c:\\temp")).isTrue();
        assertThat(Glob.of("a*c?e").isFoundIn("xabbcdez")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "*", "?", "\\", "\\\\", "\\*", "a*b?c\\", "%_", "(a+)+$", "é\n\t{}[]|^.", "-"})
    void a_literal_means_itself(String text) {
        Glob glob = Glob.literal(text);

        assertThat(glob.isLiteral()).isTrue();
        assertThat(glob.literal()).isEqualTo(text);
        assertThat(glob.matches(text)).isTrue();
        assertThat(glob.matches(text + "x")).isFalse();
        assertThat(glob).isEqualTo(Glob.literal(text)).hasSameHashCodeAs(Glob.literal(text));
    }

    @Test
    void is_translated_for_sql() {
        assertThat(Glob.of("a*b?").toLike()).isEqualTo("a%b_");
        assertThat(Glob.literal("50%_*\\").toLike()).isEqualTo("50\\%\\_*\\\\");
        assertThat(Glob.of("a.*").toRegex()).isEqualTo("^a\\..*$");
    }

    @Test
    void knows_what_matches_everything() {
        assertThat(Glob.of("*").isAny()).isTrue();
        assertThat(Glob.of("**").isAny()).isTrue();
        assertThat(Glob.of("").isAny()).isFalse();
        assertThat(Glob.of("\\*").isAny()).isFalse();
        assertThat(Glob.of("a*").isLiteral()).isFalse();
    }
}
