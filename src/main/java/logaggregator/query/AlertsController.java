package logaggregator.query;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import logaggregator.alert.AlertBook;
import logaggregator.alert.AlertRecipients;
import logaggregator.alert.AlertRules;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Alerts and the rules that they come from. */
@RestController
@OnApiRole
@RequestMapping("/api/v1/alerts")
@Tag(name = "Alerts")
class AlertsController {

    private static final String DEFAULT_LIMIT = "50";
    private static final int MAX_LIMIT = 1_000;

    private final AlertBook book;
    private final AlertRules rules;
    private final AlertRecipients recipients;

    AlertsController(AlertBook book, AlertRules rules, AlertRecipients recipients) {
        this.book = book;
        this.rules = rules;
        this.recipients = recipients;
    }

    @Operation(operationId = "list_alerts", summary = "List alerts that fire now, and what was told")
    @ApiResponse(responseCode = "200", description = "Alerts", useReturnTypeSchema = true)
    @GetMapping
    @KnownParameters({"limit"})
    ShownAlerts alerts(
            @Parameter(description = "How many of `recent` at most")
                    @RequestParam(name = "limit", defaultValue = DEFAULT_LIMIT)
                    @Min(1)
                    @Max(MAX_LIMIT)
                    int limit) {
        return ShownAlerts.of(book.states(), book.silences(), book.history(limit));
    }

    @Operation(
            operationId = "get_alert_rules",
            summary = "Get the alert rules in use, and what is wrong with their file")
    @ApiResponse(responseCode = "200", description = "The rules", useReturnTypeSchema = true)
    @GetMapping("/rules")
    @KnownParameters({})
    ShownRules rules() {
        return ShownRules.of(rules.current(), recipients.problems());
    }
}
