package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import logaggregator.support.InProcessApp;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;

/** Notifies channels of a running service, as the route of alerts does. */
final class Notifier {

    private final InProcessApp app;

    Notifier(InProcessApp app) {
        this.app = app;
    }

    /** Tells these channels at once, or all. */
    List<ChannelResult> tell(AlertNotice notice, String... channels) {
        Collection<String> names = channels.length > 0
                ? List.of(channels)
                : app.bean(AlertChannels.class).channels().stream()
                        .filter(ChannelStatus::started)
                        .map(ChannelStatus::name)
                        .distinct()
                        .toList();
        return names.stream()
                .map(name ->
                        CompletableFuture.supplyAsync(() -> tellOne(notice, name), task -> new Thread(task).start()))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
    }

    ChannelResult tellOne(AlertNotice notice, String channel) {
        Exchange answer = app.bean(CamelContext.class)
                .createFluentProducerTemplate()
                .to("direct:notify")
                .withProcessor(exchange -> {
                    exchange.getMessage().setBody(notice);
                    exchange.setVariable("channel", channel);
                })
                .send();
        assertThat(answer.getException()).isNull();
        return answer.getMessage().getBody(ChannelResult.class);
    }
}
