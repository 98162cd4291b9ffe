package logaggregator.alert;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import logaggregator.Level;
import logaggregator.search.Expression;
import logaggregator.search.InvalidSearchException;
import logaggregator.search.SearchParser;
import logaggregator.store.RecentLogs;
import logaggregator.store.RecentLogs.SourceField;
import org.jspecify.annotations.Nullable;

/**
 * Reads rules: a mapping of names to rules in the short form, whose key {@code rules} may hold a list of rules in the full
 * form, or that list alone. Thread-safe.
 */
final class RuleParser {

    private static final Set<String> LEVELS = Set.of("TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", "FATAL");

    private static final Set<String> SHORT_FIELDS =
            Set.of("threshold", "interval_sec", "group_by", "severity", "channels", "message", "repeat_every");

    private static final Set<String> FULL_FIELDS = union(SHORT_FIELDS, Set.of("name", "match", "absent_for"));

    private static final Set<String> MATCH_FIELDS = Set.of("level", "service", "app", "q");

    private static final Pattern THRESHOLD = Pattern.compile("(>=|<)?\\s*(\\d{1,15})");
    private static final Pattern SEVERITY = Pattern.compile("[A-Za-z0-9_-]{1,30}");

    private static final String DEFAULT_SEVERITY = "warning";
    private static final int MAX_NAME_LENGTH = 100;
    private static final int MAX_MESSAGE_LENGTH = 4_000;
    private static final int MAX_RULES = 1_000;
    private static final int MAX_REPEAT = 31 * 86_400;

    private final SearchParser searches;
    private final int shortestInterval;

    /** @param shortestInterval what is counted in a shorter one would never be looked at, in part */
    RuleParser(SearchParser searches, int shortestInterval) {
        this.searches = searches;
        this.shortestInterval = shortestInterval;
    }

    /** @throws InvalidRulesException when any of it can't be used */
    List<AlertRule> parse(String yaml) {
        Map<String, AlertRule> rules = new LinkedHashMap<>();
        RuleNode file = RuleNode.of(read(yaml));
        if (file.isSequence()) {
            file.elements().forEach(rule -> add(rules, rule, fullForm(rule)));
        } else {
            file.fields(Set.of()).forEach((key, value) -> {
                if (key.equals("rules") && value.isSequence()) {
                    value.elements().forEach(rule -> add(rules, rule, fullForm(rule)));
                } else {
                    add(rules, value, shortForm(value));
                }
            });
        }
        if (rules.size() > MAX_RULES) {
            throw file.invalid("has more than " + MAX_RULES + " rules");
        }
        return List.copyOf(rules.values());
    }

    private static void add(Map<String, AlertRule> rules, RuleNode node, AlertRule rule) {
        if (rules.put(rule.name(), rule) != null) {
            throw node.named("the rule").invalid("has the name of another one: '" + rule.name() + "'");
        }
    }

    private static YamlDocument read(String yaml) {
        try {
            return YamlDocument.parse(yaml);
        } catch (YamlDocument.SyntaxException e) {
            throw new InvalidRulesException(Math.max(1, e.line()), String.valueOf(e.getMessage()));
        }
    }

    /** A key that is a level counts that level, any other the service of that name. */
    private AlertRule shortForm(RuleNode rule) {
        Map<String, RuleNode> fields = rule.fields(SHORT_FIELDS);
        String key = rule.name(MAX_NAME_LENGTH);
        String level = Level.normalize(key);
        Match match = LEVELS.contains(level)
                ? new Match(List.of(level), List.of(), List.of(), "", Expression.ALL)
                : new Match(List.of(), List.of(key), List.of(), "", Expression.ALL);
        return rule(rule, key, match, fields);
    }

    private AlertRule fullForm(RuleNode rule) {
        Map<String, RuleNode> fields = rule.fields(FULL_FIELDS);
        RuleNode name = fields.get("name");
        if (name == null) {
            throw rule.invalid("needs a name");
        }
        String text = name.text(MAX_NAME_LENGTH);
        return rule(rule.named("rule '" + text + "'"), text, match(fields.get("match")), fields);
    }

    private Match match(@Nullable RuleNode match) {
        Map<String, RuleNode> fields = match == null ? Map.of() : match.fields(MATCH_FIELDS);
        RuleNode search = fields.get("q");
        return new Match(
                texts(fields.get("level")).stream().map(Level::normalize).toList(),
                texts(fields.get("service")),
                texts(fields.get("app")),
                search == null ? "" : search.text().strip(),
                search == null ? Expression.ALL : search(search));
    }

    private static List<String> texts(@Nullable RuleNode values) {
        return values == null ? List.of() : values.texts(MAX_NAME_LENGTH);
    }

    private Expression search(RuleNode search) {
        try {
            return searches.parseTimeless(search.text());
        } catch (InvalidSearchException e) {
            throw search.invalid("can't be read: " + e.getMessage());
        }
    }

    private AlertRule rule(RuleNode rule, String name, Match match, Map<String, RuleNode> fields) {
        Condition condition = condition(rule, fields);
        int interval = interval(rule, fields.get("interval_sec"), condition);
        if (condition instanceof Condition.AbsentFor && match.needsSearch()) {
            throw rule.invalid("can't have both absent_for and a search");
        }
        RuleNode groupBy = fields.get("group_by");
        RuleNode severity = fields.get("severity");
        RuleNode channels = fields.get("channels");
        RuleNode repeatEvery = fields.get("repeat_every");
        return new AlertRule(
                name,
                match,
                condition,
                interval,
                groupBy == null ? null : groupBy(groupBy),
                severity == null ? DEFAULT_SEVERITY : severity(severity),
                channels == null ? List.of() : channels.texts(MAX_NAME_LENGTH),
                message(fields.get("message"), condition, groupBy != null),
                repeatEvery == null ? interval : repeatEvery.seconds(interval, MAX_REPEAT));
    }

    private static Condition condition(RuleNode rule, Map<String, RuleNode> fields) {
        RuleNode threshold = fields.get("threshold");
        RuleNode absentFor = fields.get("absent_for");
        if (absentFor != null && threshold == null) {
            return new Condition.AbsentFor(absentFor.seconds(1, RecentLogs.MAX_WINDOW));
        }
        if (absentFor != null || threshold == null) {
            throw rule.invalid("needs either a threshold or absent_for");
        }
        Matcher parts = THRESHOLD.matcher(threshold.text().strip());
        if (!parts.matches() || Long.parseLong(parts.group(2)) == 0) {
            throw threshold.invalid("must be a number from 1 on, e.g. 10, \">= 10\" or \"< 10\"");
        }
        long n = Long.parseLong(parts.group(2));
        return "<".equals(parts.group(1)) ? new Condition.FewerThan(n) : new Condition.AtLeast(n);
    }

    private int interval(RuleNode rule, @Nullable RuleNode interval, Condition condition) {
        if (interval != null) {
            return interval.seconds(shortestInterval, RecentLogs.MAX_WINDOW);
        }
        if (condition instanceof Condition.AbsentFor absentFor) {
            return Math.max(shortestInterval, absentFor.seconds());
        }
        throw rule.invalid("needs an interval_sec");
    }

    private static SourceField groupBy(RuleNode groupBy) {
        String field = groupBy.text();
        if (!Set.of("app", "level", "service").contains(field)) {
            throw groupBy.invalid("must be app, level or service");
        }
        return SourceField.valueOf(field.toUpperCase(Locale.ROOT));
    }

    private static String severity(RuleNode severity) {
        String text = severity.text();
        if (!SEVERITY.matcher(text).matches()) {
            throw severity.invalid("must be one word, e.g. critical");
        }
        return text;
    }

    private static MessageTemplate message(@Nullable RuleNode message, Condition condition, boolean grouped) {
        if (message == null) {
            String what = grouped ? "{rule} ({group}): " : "{rule}: ";
            return new MessageTemplate(
                    condition instanceof Condition.AbsentFor absentFor
                            ? what + "no logs for " + absentFor.seconds() + "s"
                            : what + "{count} logs in {interval_sec}s");
        }
        MessageTemplate template = new MessageTemplate(message.text());
        if (template.text().isBlank() || template.text().length() > MAX_MESSAGE_LENGTH) {
            throw message.invalid("must have 1 to " + MAX_MESSAGE_LENGTH + " characters");
        }
        if (!template.unknown().isEmpty()) {
            throw message.invalid("has unknown placeholders " + template.unknown() + "; known are "
                    + String.join(", ", MessageTemplate.NAMES));
        }
        return template;
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> all = new HashSet<>(one);
        all.addAll(other);
        return Set.copyOf(all);
    }
}
