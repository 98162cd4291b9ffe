package logaggregator.alert;

import java.util.List;
import logaggregator.Checkup;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** The rules of the file that ALERT_RULES names. */
@Component
@Order(4)
class AlertRulesCheckup implements Checkup {

    private final AlertRules rules;

    AlertRulesCheckup(AlertRules rules) {
        this.rules = rules;
    }

    @Override
    public String part() {
        return "alert-rules";
    }

    @Override
    public List<Finding> look() {
        RuleSet found = rules.current();
        String error = found.error();
        return List.of(
                error == null
                        ? Finding.good(found.rules().size() + " rules, from " + found.source())
                        : Finding.bad(error, "correct the file; docs/ALERTS.md describes it"));
    }
}
