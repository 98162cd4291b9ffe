package logaggregator.alert;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import logaggregator.ops.FaultSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Knows which alerts don't get where their rules say, in this process: a channel may be off, or never have been there. Thread-safe. */
@Component
public class AlertRecipients implements FaultSource {

    private static final Logger log = LoggerFactory.getLogger(AlertRecipients.class);

    private final AlertRules rules;
    private final AlertChannels channels;
    private @Nullable String said;

    AlertRecipients(AlertRules rules, AlertChannels channels) {
        this.rules = rules;
        this.channels = channels;
    }

    /** One sentence for each. */
    public List<String> problems() {
        List<AlertRule> all = rules.current().rules();
        Set<String> inUse = channels.inUse();
        if (inUse == null || all.isEmpty()) {
            return List.of();
        }
        if (inUse.isEmpty()) {
            return List.of("no channel is on: nobody is told of alerts");
        }
        List<String> problems = new ArrayList<>();
        wanted(all).forEach((channel, names) -> {
            if (!inUse.contains(channel)) {
                problems.add(problem(channel, names));
            }
        });
        return problems;
    }

    private static String problem(String channel, Collection<String> ruleNames) {
        return "channel " + channel + " is not on, but named by " + String.join(", ", ruleNames);
    }

    /** Names of rules, by the channel that they name. */
    private static Map<String, Set<String>> wanted(List<AlertRule> rules) {
        Map<String, Set<String>> wanted = new TreeMap<>();
        for (AlertRule rule : rules) {
            rule.channels().forEach(channel -> wanted.computeIfAbsent(channel, name -> new TreeSet<>())
                    .add(rule.name()));
        }
        return wanted;
    }

    /** All channels, and those that only rules know. */
    public List<ChannelStatus> channels() {
        Map<String, Set<String>> wanted = wanted(rules.current().rules());
        return channels.channels(wanted.keySet()).stream()
                .map(channel -> {
                    Set<String> names = wanted.get(channel.name());
                    return names == null || channel.started() || channel.error() != null
                            ? channel
                            : channel.with(problem(channel.name(), names));
                })
                .toList();
    }

    @Override
    public String part() {
        return "alert-channels";
    }

    @Override
    public synchronized @Nullable String fault() {
        List<String> problems = problems();
        String fault = problems.isEmpty() ? null : String.join("; ", problems);
        if (fault != null && !fault.equals(said)) {
            log.warn("Alerts don't get everywhere: {}", fault);
        }
        said = fault;
        return fault;
    }
}
