package logaggregator.ingest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Objects;
import logaggregator.Batch;
import logaggregator.Problem;
import logaggregator.Rejection;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;

/** What a producer is told, as JSON. Thread-safe. */
@Component
public class IngestAnswer {

    /** How many rejected records are listed; all are counted. */
    private static final int MAX_LISTED = 100;

    private final ObjectMapper json;

    public IngestAnswer(ObjectMapper json) {
        this.json = json;
    }

    /** One rejected record as the client sees it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Rejected(int index, @Nullable String field, String reason, String error) {}

    /** The answer to a request of which at least one record was accepted. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Accepted(
            int enqueued,
            String backend,
            @Nullable List<Rejected> rejected,
            @JsonProperty("rejected_count") @Nullable Integer rejectedCount) {}

    /**
     * The answer to a request that went well.
     *
     * @throws InvalidBodyException when all records were refused on the way
     */
    public byte[] accepted(Batch batch) {
        List<Rejection> rejections = batch.rejections();
        if (batch.size() == 0) {
            throw new InvalidBodyException(400, "no_valid_record", "no record is valid", rejections);
        }
        String backend = Objects.requireNonNull(batch.durability()).backend();
        return write(
                rejections.isEmpty()
                        ? new Accepted(batch.size(), backend, null, null)
                        : new Accepted(batch.size(), backend, list(rejections), rejections.size()));
    }

    /** The status of the answer to a request that failed with {@code failure}. */
    public int status(Throwable failure) {
        InvalidBodyException invalid = find(failure);
        return invalid == null ? 500 : invalid.status();
    }

    /** The answer to a request that failed with {@code failure}; tells the client's faults, hides ours. */
    public byte[] problem(Throwable failure) {
        InvalidBodyException invalid = find(failure);
        if (invalid == null) {
            return write(Problem.of(500, "internal_error", "the request could not be processed"));
        }
        ProblemDetail problem = Problem.of(invalid.status(), invalid.code(), String.valueOf(invalid.getMessage()));
        if (!invalid.rejections().isEmpty()) {
            problem.setProperty("rejected", list(invalid.rejections()));
            problem.setProperty("rejected_count", invalid.rejections().size());
        }
        return write(problem);
    }

    /** The answer while neither the queue nor the database takes anything. */
    public byte[] unavailable() {
        return write(
                Problem.of(
                        503,
                        "unavailable",
                        "neither Redis nor PostgreSQL answers; send it again, with an Idempotency-Key in case it went through"));
    }

    private static @Nullable InvalidBodyException find(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidBodyException invalid) {
                return invalid;
            }
        }
        return null;
    }

    private static List<Rejected> list(List<Rejection> rejections) {
        return rejections.stream()
                .limit(MAX_LISTED)
                .map(rejection ->
                        new Rejected(rejection.index(), rejection.field(), rejection.reason(), rejection.error()))
                .toList();
    }

    private byte[] write(Object answer) {
        try {
            return json.writeValueAsBytes(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is always JSON", e);
        }
    }
}
