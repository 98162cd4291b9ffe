package routes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import logaggregator.alert.AlertConsole;
import logaggregator.alert.AlertText;
import logaggregator.alert.ChannelFile;
import logaggregator.alert.ChannelFile.Problem;
import logaggregator.alert.SecretMask;
import org.jspecify.annotations.Nullable;

/** Tries out files of channels without starting the service. */
final class ChannelTrial {

    private final TrialContext trial;

    ChannelTrial(Function<String, @Nullable String> settings, SecretMask secrets) {
        AlertText text = new AlertText();
        Map<String, Object> beans = Map.of("alertText", text, "alertConsole", new AlertConsole(text));
        this.trial = new TrialContext(settings, beans::get, secrets);
    }

    /** What is wrong with a file. */
    List<Problem> problems(String name, String text) {
        ChannelFile content = ChannelFile.read(text);
        List<Problem> problems = new ArrayList<>(content.problems());
        for (String id : content.routeIds()) {
            if (NotificationChannels.builtIn().contains(id)) {
                problems.add(new Problem(
                        ChannelFile.lineNamedBy(text, id), id + " is the id of a built-in channel: take another"));
            }
        }
        if (problems.isEmpty()) {
            @Nullable Problem problem = trial.problem(name, text);
            if (problem != null) {
                problems.add(problem);
            }
        }
        return problems;
    }
}
