package logaggregator.query;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
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
import logaggregator.deadletter.DeadLetterCounts;
import logaggregator.deadletter.DeadLetterFilter;
import logaggregator.deadletter.DeadLetters;
import logaggregator.metrics.Metrics;
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
@Tag(name = "Dead letters")
class DeadLettersController {

    private static final String DEFAULT_LIMIT = "50";
    private static final int MAX_LIMIT = 1_000;

    /** One request ends within seconds; whoever has more sends it again. */
    private static final int MAX_AT_ONCE = 10_000;

    private static final String REASON = "Only of this machine-readable cause, e.g. `missing_field`";
    private static final String APP = "Only of this app, as far as it could be read";
    private static final String START = "Only what failed from then on: ISO-8601, with a zone";
    private static final String END = "Only what failed before: ISO-8601, with a zone";

    private static final Pattern ID = Pattern.compile("[0-9]{1,18}-[0-9]{1,18}");

    private final DeadLetters letters;
    private final Metrics metrics;

    /** @param replayed how many */
    record Replayed(int replayed) {}

    /** @param discarded how many */
    record Discarded(int discarded) {}

    DeadLettersController(DeadLetters letters, Metrics metrics) {
        this.letters = letters;
        this.metrics = metrics;
    }

    @Operation(operationId = "list_dead_letters", summary = "List dead letters", description = "Newest first.")
    @ApiResponse(
            responseCode = "200",
            description = "A page of dead letters",
            useReturnTypeSchema = true,
            headers = @Header(name = "Link", ref = "#/components/headers/Next"))
    @GetMapping
    @KnownParameters({"reason", "app", "start_time", "end_time", "before", "limit"})
    List<ShownLetter> list(
            @Parameter(description = REASON) @RequestParam(name = "reason", required = false) @Nullable String reason,
            @Parameter(description = APP) @RequestParam(name = "app", required = false) @Nullable String app,
            @Parameter(description = START) @RequestParam(name = "start_time", required = false) @Nullable String start,
            @Parameter(description = END) @RequestParam(name = "end_time", required = false) @Nullable String end,
            @Parameter(description = "Only older ones than the dead letter of this id; from `Link`")
                    @RequestParam(name = "before", required = false)
                    @Nullable
                    String before,
            @Parameter(description = "How many at most")
                    @RequestParam(name = "limit", defaultValue = DEFAULT_LIMIT)
                    @Min(1)
                    @Max(MAX_LIMIT)
                    int limit,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (before != null && !ID.matcher(before).matches()) {
            throw new InvalidParameterException("parameter 'before' must be the id of a dead letter");
        }
        List<DeadLetter> found = letters.find(filter(reason, app, start, end), before, limit + 1);
        if (found.size() > limit) {
            String last = found.get(limit - 1).id();
            response.setHeader(HttpHeaders.LINK, NextLink.with(request, Map.of("before", last), "skip"));
        }
        return found.stream().limit(limit).map(ShownLetter::of).toList();
    }

    @Operation(
            operationId = "count_dead_letters",
            summary = "Count dead letters by reason and app",
            description = "The newest 10,000 of those that match.")
    @ApiResponse(responseCode = "200", description = "Numbers, largest first", useReturnTypeSchema = true)
    @GetMapping("/counts")
    @KnownParameters({"reason", "app", "start_time", "end_time"})
    DeadLetterCounts counts(
            @Parameter(description = REASON) @RequestParam(name = "reason", required = false) @Nullable String reason,
            @Parameter(description = APP) @RequestParam(name = "app", required = false) @Nullable String app,
            @Parameter(description = START) @RequestParam(name = "start_time", required = false) @Nullable String start,
            @Parameter(description = END) @RequestParam(name = "end_time", required = false) @Nullable String end) {
        return letters.count(filter(reason, app, start, end), MAX_AT_ONCE);
    }

    @Operation(operationId = "get_dead_letter", summary = "Get a dead letter")
    @ApiResponse(responseCode = "200", description = "The dead letter", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", ref = "#/components/responses/NotFound")
    @GetMapping("/{id}")
    @KnownParameters({})
    ShownLetter one(@PathVariable("id") String id) {
        return ShownLetter.of(find(id));
    }

    @Operation(
            operationId = "replay_dead_letter",
            summary = "Replay a dead letter",
            description =
                    "Puts it on the queue again. However often a record is replayed, it is stored once; what fails again comes back.")
    @ApiResponse(responseCode = "200", description = "How many were replayed", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", ref = "#/components/responses/NotFound")
    @PostMapping("/{id}/replay")
    @KnownParameters({})
    Replayed replay(@PathVariable("id") String id) {
        DeadLetter letter = find(id);
        if (letter.data().length == 0) {
            throw new InvalidParameterException("the dead letter has no payload that could be replayed");
        }
        return replayed(letters.replay(letter) ? 1 : 0);
    }

    @Operation(
            operationId = "replay_dead_letters",
            summary = "Replay dead letters",
            description = "Those that match, up to 10,000.")
    @ApiResponse(responseCode = "200", description = "How many were replayed", useReturnTypeSchema = true)
    @PostMapping("/replay")
    @KnownParameters({"reason", "app", "start_time", "end_time"})
    Replayed replayAll(
            @Parameter(description = REASON) @RequestParam(name = "reason", required = false) @Nullable String reason,
            @Parameter(description = APP) @RequestParam(name = "app", required = false) @Nullable String app,
            @Parameter(description = START) @RequestParam(name = "start_time", required = false) @Nullable String start,
            @Parameter(description = END) @RequestParam(name = "end_time", required = false) @Nullable String end) {
        return replayed(letters.replayAll(filter(reason, app, start, end), MAX_AT_ONCE));
    }

    private Replayed replayed(int count) {
        metrics.replayed(count);
        return new Replayed(count);
    }

    @Operation(operationId = "discard_dead_letter", summary = "Discard a dead letter")
    @ApiResponse(responseCode = "200", description = "The discarded dead letter", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", ref = "#/components/responses/NotFound")
    @DeleteMapping("/{id}")
    @KnownParameters({})
    ShownLetter discard(@PathVariable("id") String id) {
        DeadLetter letter = find(id);
        if (!letters.discard(letter)) {
            throw notFound(id);
        }
        return ShownLetter.of(letter);
    }

    @Operation(
            operationId = "discard_dead_letters",
            summary = "Discard dead letters",
            description = "Those that match, up to 10,000.")
    @ApiResponse(responseCode = "200", description = "How many were discarded", useReturnTypeSchema = true)
    @DeleteMapping
    @KnownParameters({"reason", "app", "start_time", "end_time", "all"})
    Discarded discardAll(
            @Parameter(description = REASON) @RequestParam(name = "reason", required = false) @Nullable String reason,
            @Parameter(description = APP) @RequestParam(name = "app", required = false) @Nullable String app,
            @Parameter(description = START) @RequestParam(name = "start_time", required = false) @Nullable String start,
            @Parameter(description = END) @RequestParam(name = "end_time", required = false) @Nullable String end,
            @Parameter(description = "`true` discards all, when nothing else is asked for")
                    @RequestParam(name = "all", defaultValue = "false")
                    boolean all) {
        DeadLetterFilter filter = filter(reason, app, start, end);
        if (filter.equals(new DeadLetterFilter(null, null, null, null)) && !all) {
            throw new InvalidParameterException("say which dead letters to discard, or all=true");
        }
        return new Discarded(letters.discardAll(filter, MAX_AT_ONCE));
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
