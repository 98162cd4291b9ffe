package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.PostgresProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The rules that come with the program, without any settings, on logs as producers send them. */
@ExtendWith(OutputCaptureExtension.class)
class ShippedRulesIT {

    @Test
    void ten_errors_or_five_logs_of_the_payment_service_within_a_minute_are_printed(CapturedOutput output) {
        Path directory = Servers.newDirectory("shipped-rules");
        try (PostgresProcess postgres = new PostgresProcess(directory);
                InProcessApp app = new InProcessApp(
                        postgres, Servers.redis(), "shipped-rules:stream", "routes.dir=target/no-such-folder")) {
            for (int n = 0; n < 9; n++) {
                Alerts.log(app.api(), "checkout", "ERROR", 1);
            }
            Alerts.log(app.api(), "payment-service", "INFO", 5);

            Eventually.passes(() -> assertThat(output.getOut()).contains("[ALERT] payment-service: 5 logs in 60s\n"));
            assertThat(output.getOut()).doesNotContain("[ALERT] ERROR");
            Alerts.log(app.api(), "checkout", "error", 1);
            Eventually.passes(() -> assertThat(output.getOut()).contains("[ALERT] ERROR: 10 logs in 60s\n"));
            assertThat(output.getOut()).containsOnlyOnce("[ALERT] ERROR").containsOnlyOnce("[ALERT] payment-service");
        }
    }
}
