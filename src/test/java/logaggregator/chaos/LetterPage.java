package logaggregator.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import logaggregator.support.Api.Answer;

/** Dead letters as an operator sees them. */
record LetterPage(List<Letter> letters) {

    /** @param key of this letter; the next one of the same record has another */
    record Letter(String id, String key, String reason, String data) {

        int number() {
            return NumberedRecord.numberIn(data);
        }
    }

    static LetterPage of(Answer answer) {
        List<Letter> letters = new ArrayList<>();
        for (JsonNode letter : answer.body()) {
            letters.add(new Letter(
                    letter.path("id").asText(),
                    letter.path("identity").asText() + ":"
                            + letter.path("replays").asLong(),
                    letter.path("reason").asText(),
                    letter.path("data").asText()));
        }
        return new LetterPage(letters);
    }

    /** Where the next page begins; empty after the last one. */
    Optional<String> next() {
        return letters.isEmpty()
                ? Optional.empty()
                : Optional.of("&before=" + letters.get(letters.size() - 1).id());
    }
}
