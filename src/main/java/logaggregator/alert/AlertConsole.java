package logaggregator.alert;

import java.util.Map;
import org.springframework.stereotype.Component;

/** Prints alerts to the standard output, one line each. */
@Component("alertConsole")
public class AlertConsole {

    private final AlertText text;

    public AlertConsole(AlertText text) {
        this.text = text;
    }

    public void print(Map<String, Object> body) {
        System.out.println("[ALERT] " + text.line(body));
    }
}
