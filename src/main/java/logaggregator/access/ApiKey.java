package logaggregator.access;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key of the database, without what would let anybody use it.
 *
 * @param prefix how the key begins, to recognise it by
 * @param scopes lower-case names of {@link Scope}
 * @param apps the only applications; null for all
 * @param logsPerMinute null for the default, 0 for any number
 * @param lastUsedAt to the minute
 */
@Schema(description = "A key, without its secret")
public record ApiKey(
        @Schema(example = "7") long id,
        @Schema(example = "shop producer") String name,

        @Schema(description = "How the key begins", example = "la_3kTm9xQa")
        String prefix,

        @Schema(example = "[\"ingest\"]") List<String> scopes,

        @Schema(description = "The only apps that it may write to and read; null: all", example = "[\"shop\"]")
        @Nullable
        List<String> apps,

        @JsonProperty("logs_per_minute")
        @Schema(description = "null: `RATE_LIMIT_PER_KEY`; 0: any number", example = "1000")
        @Nullable
        Integer logsPerMinute,

        @JsonProperty("created_at") Instant createdAt,
        @JsonProperty("expires_at") @Nullable Instant expiresAt,
        @JsonProperty("revoked_at") @Nullable Instant revokedAt,

        @JsonProperty("last_used_at") @Schema(description = "To the minute") @Nullable
        Instant lastUsedAt) {}
