package logaggregator.ops;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The routes of this process, as the API shows them. */
public interface RunningRoutes {

    /** One of them. */
    @Schema(name = "Route")
    record State(
            @Schema(example = "store") String id,
            @Schema(example = "pipeline") @Nullable String group,
            @Schema(description = "What it does") @Nullable String description,

            @Schema(allowableValues = {"starting", "started", "stopping", "stopped", "suspending", "suspended"})
            String state,

            @JsonProperty("in_flight") @Schema(description = "How many exchanges are under way", example = "0")
            int inFlight) {}

    /** All of them, in the order in which they were added. */
    List<State> routes();
}
