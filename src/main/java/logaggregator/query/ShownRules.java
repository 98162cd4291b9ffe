package logaggregator.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import logaggregator.alert.AlertRule;
import logaggregator.alert.Condition;
import logaggregator.alert.RuleSet;
import logaggregator.store.RecentLogs.SourceField;
import org.jspecify.annotations.Nullable;

/** The alert rules in use, as the API shows them. */
@Schema(name = "AlertRules")
record ShownRules(
        @Schema(description = "The file that they come from, or `built-in`", example = "conf/alerts.yaml")
        String source,

        @JsonProperty("loaded_at") @Schema(description = "When this process has read them")
        Instant loadedAt,

        @Schema(description = "What is wrong with the file as it is now, with the line; null: nothing") @Nullable
        String error,

        @JsonProperty("channel_problems")
        @Schema(description = "Which of their alerts don't get where they say, from this process")
        List<String> channelProblems,

        List<Rule> rules) {

    /** Which logs are counted. */
    @Schema(name = "AlertMatch")
    record Match(
            @Schema(description = "Of one of these; empty: any")
            List<String> level,

            @Schema(description = "Of one of these; empty: any")
            List<String> service,

            @Schema(description = "Of one of these; empty: any")
            List<String> app,

            @Schema(description = "A search; empty: none") String q) {}

    /** When to alert whom. */
    @Schema(name = "AlertRule")
    record Rule(
            @Schema(example = "ERROR") String name,
            Match match,

            @Schema(description = "null: the alert is about silence", example = ">= 10") @Nullable
            String threshold,

            @JsonProperty("absent_for")
            @Schema(description = "Seconds without a log; null: the alert is about a number")
            @Nullable
            Integer absentFor,

            @JsonProperty("interval_sec") @Schema(example = "60")
            int intervalSec,

            @JsonProperty("group_by")
            @Schema(
                    description = "One alert for each `app`, `level` or `service`; null: one in all",
                    example = "service")
            @Nullable
            String groupBy,

            @Schema(example = "warning") String severity,
            @Schema(description = "Who is told; empty: all") List<String> channels,

            @Schema(example = "{rule}: {count} logs in {interval_sec}s")
            String message,

            @JsonProperty("repeat_every") @Schema(description = "Seconds", example = "60")
            int repeatEvery) {

        static Rule of(AlertRule rule) {
            Condition condition = rule.condition();
            SourceField groupBy = rule.groupBy();
            return new Rule(
                    rule.name(),
                    new Match(
                            rule.match().levels(),
                            rule.match().services(),
                            rule.match().apps(),
                            rule.match().search()),
                    condition instanceof Condition.AbsentFor ? null : condition.toString(),
                    condition instanceof Condition.AbsentFor absentFor ? absentFor.seconds() : null,
                    rule.interval(),
                    groupBy == null ? null : groupBy.name().toLowerCase(Locale.ROOT),
                    rule.severity(),
                    rule.channels(),
                    rule.message().text(),
                    rule.repeatEvery());
        }
    }

    static ShownRules of(RuleSet rules, List<String> channelProblems) {
        return new ShownRules(
                rules.source(),
                rules.loadedAt(),
                rules.error(),
                channelProblems,
                rules.rules().stream().map(Rule::of).toList());
    }
}
