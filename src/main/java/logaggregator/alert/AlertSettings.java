package logaggregator.alert;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Alerts.
 *
 * @param rules path of the file with the rules
 * @param checkInterval seconds from one evaluation to the next
 * @param deliveryTimeout seconds after which a notice that was about to be delivered may be delivered by another process
 * @param historyDays for how long the history is kept
 * @param keyPrefix of the keys in Redis
 * @param publicUrl where people reach this service, for links; may be blank
 */
@Validated
@ConfigurationProperties("alert")
public record AlertSettings(
        @NotBlank String rules,
        @Min(1) @Max(3_600) int checkInterval,
        @Min(5) @Max(3_600) int deliveryTimeout,
        @Min(1) @Max(3_650) int historyDays,
        @NotBlank String keyPrefix,

        @Pattern(regexp = "(?:https?://\\S+)?", message = "must be a URL that begins with http:// or https://")
        String publicUrl) {

    private static final Duration SHORTEST_MEMORY = Duration.ofSeconds(10);
    private static final int TURNS = 3;

    /** It is counted at each evaluation, or at each second one where searches take long; and once a minute by workers. */
    private static final int LONGEST_PAUSE = 60;

    private static final Duration SHORTEST_GAP = Duration.ofSeconds(10);

    /** A time without a count of what was stored is none as long as it is no longer than this. */
    Duration shortestGap() {
        Duration evaluations = Duration.ofSeconds((long) TURNS * Math.min(checkInterval, LONGEST_PAUSE));
        return evaluations.compareTo(SHORTEST_GAP) > 0 ? evaluations : SHORTEST_GAP;
    }

    /** Who had no turn for so long knows nothing of how evaluations go: another process has them all. */
    Duration memory() {
        return SHORTEST_MEMORY.plusSeconds((long) TURNS * checkInterval);
    }
}
