package logaggregator.query;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import logaggregator.deadletter.DeadLetter;
import logaggregator.deadletter.DeadLetterFilter;
import logaggregator.deadletter.DeadLetters;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Dead letters: list, look at, replay, discard. */
@RestController
@OnApiRole
@RequestMapping("/api/v1/dlq")
class DeadLettersController {

    private static final String DEFAULT_LIMIT = "50";
    private static final int MAX_LIMIT = 1_000;

    /** One request ends within seconds; whoever has more sends it again. */
    private static final int MAX_AT_ONCE = 10_000;

    private static final Pattern ID = Pattern.compile("[0-9]{1,18}-[0-9]{1,18}");

    private final DeadLetters letters;

    DeadLettersController(DeadLetters letters) {
        this.letters = letters;
    }

    @GetMapping
    @KnownParameters({"reason", "app", "start_time", "end_time", "before", "limit"})
    List<ShownLetter> list(
            @RequestParam(name = "reason", required = false) @Nullable String reason,
            @RequestParam(name = "app", required = false) @Nullable String app,
            @RequestParam(name = "start_time", required = false) @Nullable String start,
            @RequestParam(name = "end_time", required = false) @Nullable String end,
            @RequestParam(name = "before", required = false) @Nullable String before,
            @RequestParam(name = "limit", defaultValue = DEFAULT_LIMIT) @Min(1) @Max(MAX_LIMIT) int limit,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (before != null && !ID.matcher(before).matches()) {
            throw new InvalidParameterException("parameter 'before' must be the id of a dead letter");
        }
        List<DeadLetter> page = letters.find(filter(reason, app, start, end), before, limit);
        if (page.size() == limit) {
            String last = page.get(limit - 1).id();
            response.setHeader(HttpHeaders.LINK, NextLink.with(request, "before", last, "skip"));
        }
        return page.stream().map(ShownLetter::of).toList();
    }

    @GetMapping("/{id}")
    @KnownParameters({})
    ShownLetter one(@PathVariable("id") String id) {
        return ShownLetter.of(find(id));
    }

    @PostMapping("/{id}/replay")
    @KnownParameters({})
    Map<String, Integer> replay(@PathVariable("id") String id) {
        DeadLetter letter = find(id);
        if (letter.data().length == 0) {
            throw new InvalidParameterException("the dead letter has no payload that could be replayed");
        }
        return Map.of("replayed", letters.replay(letter) ? 1 : 0);
    }

    @PostMapping("/replay")
    @KnownParameters({"reason", "app", "start_time", "end_time"})
    Map<String, Integer> replayAll(
            @RequestParam(name = "reason", required = false) @Nullable String reason,
            @RequestParam(name = "app", required = false) @Nullable String app,
            @RequestParam(name = "start_time", required = false) @Nullable String start,
            @RequestParam(name = "end_time", required = false) @Nullable String end) {
        return Map.of("replayed", letters.replayAll(filter(reason, app, start, end), MAX_AT_ONCE));
    }

    @DeleteMapping("/{id}")
    @KnownParameters({})
    ShownLetter discard(@PathVariable("id") String id) {
        DeadLetter letter = find(id);
        if (!letters.discard(letter)) {
            throw notFound(id);
        }
        return ShownLetter.of(letter);
    }

    @DeleteMapping
    @KnownParameters({"reason", "app", "start_time", "end_time", "all"})
    Map<String, Integer> discardAll(
            @RequestParam(name = "reason", required = false) @Nullable String reason,
            @RequestParam(name = "app", required = false) @Nullable String app,
            @RequestParam(name = "start_time", required = false) @Nullable String start,
            @RequestParam(name = "end_time", required = false) @Nullable String end,
            @RequestParam(name = "all", defaultValue = "false") boolean all) {
        DeadLetterFilter filter = filter(reason, app, start, end);
        if (filter.equals(new DeadLetterFilter(null, null, null, null)) && !all) {
            throw new InvalidParameterException("say which dead letters to discard, or all=true");
        }
        return Map.of("discarded", letters.discardAll(filter, MAX_AT_ONCE));
    }

    private DeadLetter find(String id) {
        DeadLetter letter = ID.matcher(id).matches() ? letters.get(id) : null;
        if (letter == null) {
            throw notFound(id);
        }
        return letter;
    }

    private static NotFoundException notFound(String id) {
        return new NotFoundException("there is no dead letter " + id);
    }

    private static DeadLetterFilter filter(
            @Nullable String reason, @Nullable String app, @Nullable String start, @Nullable String end) {
        return new DeadLetterFilter(reason, app, time("start_time", start), time("end_time", end));
    }

    private static @Nullable Instant time(String name, @Nullable String text) {
        try {
            // a + that was not encoded arrives as a space
            return text == null
                    ? null
                    : OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
        } catch (DateTimeParseException e) {
            throw new InvalidParameterException(
                    "parameter '" + name + "' must be an ISO-8601 time, e.g. 2026-01-31T12:00:00Z");
        }
    }
}
