package logaggregator.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/** Any text: a search that means the same each time and can be decided for a log, or an error that says why. */
class SearchParserFuzzTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final SearchParser PARSER = new SearchParser(Clock.fixed(NOW, ZoneOffset.UTC));
    private static final SearchedLog LOG =
            new SearchedLog(1, 1, "app", "INFO", "service", "some message", NOW, NOW, metadata());

    private static JsonNode metadata() {
        try {
            return new ObjectMapper().readTree("{\"a\":[1,\"x\",{\"b\":null}],\"ms\":42.5,\"x.y\":true}");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @FuzzTest
    void search(byte[] bytes) {
        String search = new String(bytes, UTF_8);
        Expression expression;
        try {
            expression = PARSER.parse(search);
        } catch (InvalidSearchException e) {
            assertThat(e.getMessage()).isNotBlank().doesNotContain("Exception", "null");
            return;
        }
        assertThat(PARSER.parse(search)).isEqualTo(expression);
        boolean matches = ExpressionMatcher.matches(expression, LOG);
        assertThat(ExpressionMatcher.matches(new Expression.Not(expression), LOG))
                .isNotEqualTo(matches);
    }
}
