package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import logaggregator.support.InProcessApp;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;

/** Notifies channels of a running service, as the route of alerts does. */
final class Notifier {

    private final InProcessApp app;

    Notifier(InProcessApp app) {
        this.app = app;
    }

    /** Tells these channels, or all. */
    @SuppressWarnings("unchecked")
    List<ChannelResult> tell(AlertNotice notice, String... channels) {
        Exchange answer = app.bean(CamelContext.class)
                .createFluentProducerTemplate()
                .to("direct:notify")
                .withProcessor(exchange -> {
                    exchange.getMessage().setBody(notice);
                    if (channels.length > 0) {
                        exchange.setProperty("channels", List.of(channels));
                    }
                })
                .send();
        assertThat(answer.getException()).isNull();
        return answer.getMessage().getBody(List.class);
    }

    ChannelResult tellOne(AlertNotice notice, String channel) {
        return tell(notice, channel).get(0);
    }
}
