package logaggregator.queue.redis;

import java.util.ArrayList;
import java.util.List;
import logaggregator.Checkup;
import logaggregator.ClockDifference;
import logaggregator.Durability;
import logaggregator.UnavailableException;
import logaggregator.queue.QueueLoad;
import logaggregator.queue.QueueSafety;
import logaggregator.queue.QueueSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** The Redis that REDIS_URL names. */
@Component
@Order(2)
class RedisCheckup implements Checkup {

    private final RedisSettings settings;
    private final QueueSettings queue;
    private final QueueSafety safety;
    private final ObjectProvider<RedisCalls> calls;

    /** @param calls not asked for where an embedded server would be started by it */
    RedisCheckup(RedisSettings settings, QueueSettings queue, QueueSafety safety, ObjectProvider<RedisCalls> calls) {
        this.settings = settings;
        this.queue = queue;
        this.safety = safety;
        this.calls = calls;
    }

    @Override
    public String part() {
        return "redis";
    }

    @Override
    public List<Finding> look() {
        if (settings.url().isBlank()) {
            return List.of(Finding.good("embedded: the service starts it by itself (REDIS_URL is not set)"));
        }
        String place = RedisConfiguration.location(
                RedisConfiguration.parse(settings.url().strip()));
        RedisServer server = new RedisServer(calls.getObject());
        List<Finding> findings = new ArrayList<>();
        try {
            ServerSettings found = server.settings();
            server.probe(queue.stream() + ":probe");
            findings.add(Finding.good(place + ", Redis " + found.version() + ", takes what is written"));
            findings.addAll(durability(found));
            findings.add(ClockDifference.finding(server.clockAhead()));
            QueueLoad load = server.load(queue.stream(), QueueLedger.key(queue.stream()));
            findings.add(Finding.good(load.entries() + " entries are in " + queue.stream()));
        } catch (UnavailableException e) {
            findings.add(Finding.bad(
                    place + ": " + e.getMessage(),
                    "check REDIS_URL, that the server runs, has memory and disk left, and is no replica"));
        }
        return findings;
    }

    private List<Finding> durability(ServerSettings found) {
        List<Finding> findings = new ArrayList<>();
        if (found.durability() == Durability.FSYNC) {
            findings.add(Finding.good("it writes to disk what it accepts before it answers (appendfsync always)"));
        }
        for (ServerSettings.Finding finding : found.findings(safety.requireDurable())) {
            findings.add(
                    finding.severe()
                            ? Finding.bad(finding.text(), finding.remedy())
                            : Finding.doubtful(finding.text(), finding.remedy()));
        }
        return findings;
    }
}
