package logaggregator.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import logaggregator.alert.AlertState;
import logaggregator.alert.PastAlert;
import logaggregator.alert.Silence;
import org.jspecify.annotations.Nullable;

/** Alerts as the API shows them. */
@Schema(name = "Alerts")
record ShownAlerts(
        @Schema(description = "Those whose condition holds now, the newest first")
        List<Firing> firing,

        @Schema(description = "What was told, or should have been, the newest first")
        List<PastAlert> recent) {

    /** An alert whose condition holds. */
    @Schema(name = "FiringAlert")
    record Firing(
            @Schema(example = "ERROR") String rule,

            @Schema(description = "Value of what the rule groups by; empty when it doesn't")
            String group,

            @Schema(example = "warning") String severity,

            @Schema(description = "Logs counted last in the rule's interval", example = "12")
            long count,

            @JsonProperty("started_at") @Schema(description = "When the condition was first seen to hold")
            Instant startedAt,

            @JsonProperty("fired_at") @Schema(description = "When a channel was last told; null: none yet") @Nullable
            Instant firedAt,

            @Schema(description = "Whether nobody is told of it")
            boolean silenced) {}

    static ShownAlerts of(List<AlertState> states, List<Silence> silences, List<PastAlert> recent) {
        return new ShownAlerts(
                states.stream()
                        .filter(state -> state.endedAt() == null)
                        .map(state -> new Firing(
                                state.rule(),
                                state.group(),
                                state.severity(),
                                state.count(),
                                state.startedAt(),
                                state.told() ? state.firedAt() : null,
                                silences.stream().anyMatch(silence -> silence.covers(state))))
                        .toList(),
                recent);
    }
}
