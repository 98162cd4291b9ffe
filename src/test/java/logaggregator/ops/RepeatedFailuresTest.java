package logaggregator.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class RepeatedFailuresTest {

    private final AtomicLong nanos = new AtomicLong();
    private final RepeatedFailures failures = new RepeatedFailures(nanos::get);
    private final LoggerContext context = new LoggerContext();
    private final Logger log = context.getLogger("test");
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();

    @BeforeEach
    void listen() {
        written.start();
        log.addAppender(written);
        context.addTurboFilter(failures);
    }

    @Test
    void what_comes_again_is_summed_up_once_a_minute() {
        for (int n = 0; n < 100; n++) {
            log.warn("channel {} was not told", "slack");
        }
        failures.tell();
        assertThat(lines()).containsExactly("channel slack was not told");

        pass(Duration.ofMinutes(1));
        failures.tell();
        assertThat(lines()).hasSize(2).last().isEqualTo("99 times more in the last minute: channel slack was not told");

        pass(Duration.ofMinutes(1));
        failures.tell();
        log.warn("channel {} was not told", "slack");
        assertThat(lines()).hasSize(3).last().isEqualTo("channel slack was not told");
    }

    @Test
    void what_differs_is_written() {
        log.warn("channel {} was not told", "slack");
        log.warn("channel {} was not told", "email");
        log.info("a start");
        log.info("a start");

        assertThat(lines()).hasSize(4);
    }

    @Test
    void an_exception_from_the_same_place_is_the_same_whatever_is_said_with_it() {
        for (int n = 0; n < 3; n++) {
            MDC.put("request_id", "request-" + n);
            log.error("failed in exchange " + n, failure());
        }
        MDC.remove("request_id");
        pass(Duration.ofMinutes(2));
        failures.tell();

        assertThat(lines())
                .containsExactly(
                        "failed in exchange 0",
                        "2 times more in the last minute, at last in request request-2: failed in exchange 0");
    }

    private static Exception failure() {
        return new IllegalStateException("a bug");
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private List<String> lines() {
        return written.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
