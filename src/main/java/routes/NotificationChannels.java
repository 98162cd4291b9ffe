package routes;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import logaggregator.alert.AlertChannels;
import logaggregator.alert.AlertNotice;
import logaggregator.alert.ChannelResult;
import logaggregator.alert.ChannelStatus;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

/**
 * The notification channels of this process: the started routes of group {@code notify}, named by their ids without
 * {@code notify-}. Thread-safe.
 */
@Component("notificationChannels")
public class NotificationChannels implements AlertChannels {

    static final String PREFIX = "notify-";
    static final String GROUP = "notify";

    private static final Duration TEST_EXPIRES_AFTER = Duration.ofMinutes(5);

    private final CamelContext camel;
    private final ChannelLoader loader;
    private final ChannelResults results;
    private final Clock clock;
    private final Set<String> builtIn = builtIn();

    public NotificationChannels(CamelContext camel, ChannelLoader loader, ChannelResults results, Clock clock) {
        this.camel = camel;
        this.loader = loader;
        this.results = results;
        this.clock = clock;
    }

    /** Route ids of the channels that come with the program, whether they are on or not. */
    static Set<String> builtIn() {
        Set<String> ids = new TreeSet<>();
        try {
            for (var file : new PathMatchingResourcePatternResolver()
                    .getResources("classpath*:routes/" + PREFIX + "*.camel.yaml")) {
                ids.add(String.valueOf(file.getFilename()).replace(".camel.yaml", ""));
            }
        } catch (IOException e) {
            throw new IllegalStateException("the built-in channels can't be listed", e);
        }
        return ids;
    }

    /** Where an alert goes: to the channels of these names, or to all that are on when there are none. */
    public List<String> choose(List<String> names) {
        return names.isEmpty()
                ? List.copyOf(started())
                : names.stream().distinct().toList();
    }

    /** Begins to tell a channel, which it has failed to do already when there is no such channel. */
    public ChannelDelivery open(AlertNotice notice, String channel) {
        ChannelDelivery delivery = new ChannelDelivery(notice, channel);
        if (!started().contains(channel)) {
            results.failed(delivery, 0, "there is no such channel, or it is not started");
        }
        return delivery;
    }

    /** With those that are being replaced: whoever sends to such a channel waits for the new version. */
    private Set<String> started() {
        Set<String> started = new TreeSet<>();
        loader.replacing().forEach(id -> started.add(name(id)));
        for (Route route : camel.getRoutesByGroup(GROUP)) {
            // null when it was taken out meanwhile
            if (camel.getRouteController().getRouteStatus(route.getRouteId()) == ServiceStatus.Started) {
                started.add(name(route.getRouteId()));
            }
        }
        loader.leaving().forEach(id -> started.remove(name(id)));
        return started;
    }

    static String name(String routeId) {
        return routeId.startsWith(PREFIX) ? routeId.substring(PREFIX.length()) : routeId;
    }

    @Override
    public @Nullable Set<String> inUse() {
        if (!loader.hasLooked()) {
            return null;
        }
        Set<String> started = started();
        started.forEach(results::expect);
        return started;
    }

    @Override
    public List<ChannelStatus> channels(Collection<String> wanted) {
        Set<String> started = started();
        Instant startedAt = clock.instant().minus(camel.getUptime()).truncatedTo(ChronoUnit.SECONDS);
        List<ChannelStatus> all = new ArrayList<>();
        for (String id : builtIn) {
            boolean on = started.contains(name(id));
            all.add(status(name(id), "built-in", on, on ? startedAt : null, null));
        }
        for (ChannelLoader.FileState file : loader.files()) {
            for (String id : file.routeIds()) {
                all.add(status(name(id), file.file(), started.contains(name(id)), file.loadedAt(), file.error()));
            }
        }
        Set<String> missing = new TreeSet<>(wanted);
        all.forEach(channel -> missing.remove(channel.name()));
        missing.forEach(name -> all.add(status(name, "missing", false, null, null)));
        return all;
    }

    private ChannelStatus status(
            String name, String source, boolean started, @Nullable Instant loadedAt, @Nullable String error) {
        ChannelResults.Count count = results.count(name);
        return new ChannelStatus(
                name,
                source,
                started,
                loadedAt,
                error,
                count.delivered().get(),
                count.failed().get());
    }

    @Override
    public ChannelResult test(String name) {
        if (!started().contains(name)) {
            throw new NoSuchElementException("no channel " + name + " is started in this process");
        }
        Instant now = clock.instant();
        AlertNotice notice = new AlertNotice(
                "test",
                "info",
                1,
                "",
                now,
                null,
                now.plus(TEST_EXPIRES_AFTER),
                "This is a test: nothing has happened.",
                "");
        try (ProducerTemplate template = camel.createProducerTemplate()) {
            return template.request("direct:notify", exchange -> {
                        exchange.getMessage().setBody(notice);
                        exchange.setVariable("channel", name);
                    })
                    .getMessage()
                    .getBody(ChannelResult.class);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
