package logaggregator.ingest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.Problem;
import logaggregator.Rejection;
import logaggregator.Settlement;
import logaggregator.metrics.Metrics;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;

/** What a producer is told, as JSON. Thread-safe. */
@Component
public class IngestAnswer {

    /** How many rejected records are listed; all are counted. */
    private static final int MAX_LISTED = 100;

    private final ObjectMapper json;
    private final Metrics metrics;

    public IngestAnswer(ObjectMapper json, Metrics metrics) {
        this.json = json;
        this.metrics = metrics;
    }

    /** One rejected record as the client sees it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "RejectedRecord", description = "A record that was refused, and why")
    public record Rejected(
            @Schema(description = "Position among the records of the request, from 0", example = "3")
            int index,

            @Schema(description = "The field at fault; absent when it is the record as a whole", example = "level")
            @Nullable
            String field,

            @Schema(description = "For programs", example = "missing_field")
            String reason,

            @Schema(description = "For people", example = "level is required")
            String error) {}

    /** The answer to a request of which at least one record was accepted. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "IngestAnswer")
    public record Accepted(
            @Schema(description = "How many records were accepted")
            int enqueued,

            @Schema(
                    allowableValues = {"redis", "db"},
                    description = "`db`: past the queue, straight into the database")
            String backend,

            @Schema(description = "How many of them came before, under the same key or name; they are stored once")
            @Nullable
            Integer duplicates,

            @Schema(description = "Up to 100 of the records that were not accepted") @Nullable
            List<Rejected> rejected,

            @JsonProperty("rejected_count") @Nullable Integer rejectedCount,

            @Schema(description = "How many are committed in PostgreSQL, when the client waited") @Nullable
            Integer stored,

            @JsonProperty("dead_lettered")
            @Schema(description = "Accepted records that can't be stored, as far as that is known already")
            @Nullable
            List<Rejected> deadLettered,

            @Schema(description = "Of chunks of up to 500 records, in their order, when they were asked for") @Nullable
            List<UUID> receipts) {}

    /** Header {@code Log-Durability}: how safe the records are by now. */
    public String durability(Batch batch) {
        return Objects.requireNonNull(batch.durability()).token();
    }

    /**
     * The answer to a request that went well.
     *
     * @param settled what became of its records, when the client waited for it
     */
    public byte[] accepted(Batch batch, boolean withReceipts, @Nullable Settlement settled) {
        List<Rejection> refused = refused(batch);
        List<Rejection> deadLettered = settled == null ? batch.deadLettered() : settled.deadLettered();
        return write(new Accepted(
                batch.size(),
                Objects.requireNonNull(batch.durability()).backend(),
                batch.duplicates() == 0 ? null : batch.duplicates(),
                refused.isEmpty() ? null : list(refused),
                refused.isEmpty() ? null : refused.size(),
                settled == null ? null : settled.stored(),
                deadLettered.isEmpty() ? null : list(deadLettered),
                withReceipts ? receipts(batch) : null));
    }

    /** The answer to a request whose records are safe, but not stored in the time that the client wanted to wait. */
    public byte[] notStoredYet(Batch batch) {
        ProblemDetail problem = Problem.of(
                504,
                "not_stored_yet",
                "accepted, not yet stored: ask GET /api/v1/receipts/{id} for each receipt; don't send it again");
        problem.setProperty("enqueued", batch.size());
        problem.setProperty("receipts", receipts(batch));
        List<Rejection> refused = refused(batch);
        if (!refused.isEmpty()) {
            problem.setProperty("rejected", list(refused));
            problem.setProperty("rejected_count", refused.size());
        }
        return write(problem);
    }

    /** Those that were not accepted, unlike dead letters. */
    private static List<Rejection> refused(Batch batch) {
        return batch.rejections().stream()
                .filter(rejection -> rejection.chunk() == null)
                .toList();
    }

    private static List<UUID> receipts(Batch batch) {
        return batch.chunks().stream().map(Chunk::id).toList();
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
        metrics.refused(invalid.code(), invalid.rejections());
        ProblemDetail problem = Problem.of(invalid.status(), invalid.code(), String.valueOf(invalid.getMessage()));
        if (!invalid.rejections().isEmpty()) {
            problem.setProperty("rejected", list(invalid.rejections()));
            problem.setProperty("rejected_count", invalid.rejections().size());
        }
        return write(problem);
    }

    /** The answer while neither the queue nor the database takes anything. */
    public byte[] unavailable() {
        metrics.refused("unavailable", List.of());
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
