package logaggregator.alert;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import logaggregator.QueryTimedOutException;
import logaggregator.UnavailableException;
import logaggregator.search.Expression;
import logaggregator.search.Expression.TextField;
import logaggregator.settings.InvalidSettingException;
import logaggregator.store.RecentLogs;
import logaggregator.store.RecentLogs.SourceField;
import org.springframework.stereotype.Component;

/** Puts into words what channels are to be told. Thread-safe. */
@Component("alertDelivery")
public class AlertDelivery {

    private static final int MAX_LINE_LENGTH = 500;

    /** For all that is done besides notifying, while Redis and the database are slow. */
    private static final long MARGIN_MILLIS = 10_000;

    private final RecentLogs logs;
    private final Duration shortestGap;
    private final String publicUrl;

    AlertDelivery(RecentLogs logs, AlertSettings settings, NotifySettings notify) {
        if (settings.deliveryTimeout() * 1_000L <= notify.timeoutMs() + MARGIN_MILLIS) {
            throw new InvalidSettingException(
                    "ALERT_DELIVERY_TIMEOUT",
                    "must be more than 10 s longer than NOTIFY_TIMEOUT_MS: an alert would be told twice");
        }
        this.logs = logs;
        this.shortestGap = settings.shortestGap();
        this.publicUrl = settings.publicUrl().replaceFirst("/+$", "");
    }

    public AlertNotice describe(AlertEvent event) {
        AlertRule rule = event.rule();
        return new AlertNotice(
                rule.name(),
                rule.severity(),
                event.count(),
                event.group(),
                event.startedAt(),
                event.endedAt(),
                event.expiresAt(),
                rule.message().fill(values(event)),
                link(event));
    }

    private Map<String, String> values(AlertEvent event) {
        AlertRule rule = event.rule();
        Map<String, String> values = new HashMap<>(Map.of(
                "rule", rule.name(),
                "group", event.group(),
                "count", Long.toString(event.count()),
                "severity", rule.severity(),
                "threshold", rule.condition().toString(),
                "interval_sec", Integer.toString(rule.interval())));
        List<String> lines = rule.message().showsLogs() ? firstAndLast(event) : List.of();
        values.put("first", lines.isEmpty() ? "" : line(lines.get(0)));
        values.put("last", lines.isEmpty() ? "" : line(lines.get(lines.size() - 1)));
        return values;
    }

    /** An alert without them is better than none. */
    private List<String> firstAndLast(AlertEvent event) {
        List<Expression> conditions =
                new ArrayList<>(List.of(event.rule().match().toExpression()));
        SourceField field = event.rule().groupBy();
        if (field != null) {
            conditions.add(Match.equal(TextField.valueOf(field.name()), event.group()));
        }
        try {
            return logs.firstAndLast(conditions, event.reach(), shortestGap);
        } catch (QueryTimedOutException | UnavailableException e) {
            return List.of();
        }
    }

    private static String line(String message) {
        return message.codePointCount(0, message.length()) <= MAX_LINE_LENGTH
                ? message
                : message.substring(0, message.offsetByCodePoints(0, MAX_LINE_LENGTH)) + "…";
    }

    private String link(AlertEvent event) {
        if (publicUrl.isEmpty()) {
            return "";
        }
        AlertRule rule = event.rule();
        String search = rule.match().toSearch(rule.groupBy(), event.group());
        return publicUrl + "/?q=" + encode(search) + "&start_time="
                + encode(event.startedAt().minusSeconds(event.reach()).toString());
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
