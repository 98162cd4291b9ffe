package routes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import logaggregator.alert.AlertConsole;
import logaggregator.alert.AlertText;
import logaggregator.alert.ChannelFile;
import logaggregator.alert.ChannelFile.Problem;
import logaggregator.alert.SecretMask;
import org.jspecify.annotations.Nullable;

/** Tries out files of channels that are to be used together, without starting the service. */
final class ChannelTrial {

    private final TrialContext trial;

    /** The good file that each route is in. */
    private final Map<String, String> places = new HashMap<>();

    ChannelTrial(Function<String, @Nullable String> settings, SecretMask secrets) {
        AlertText text = new AlertText();
        Map<String, Object> beans = Map.of("alertText", text, "alertConsole", new AlertConsole(text));
        this.trial = new TrialContext(settings, beans::get, secrets);
    }

    /** What is wrong with a file, beside those that were tried before. */
    List<Problem> problems(String name, String text) {
        ChannelFile content = ChannelFile.read(text);
        List<Problem> problems = new ArrayList<>(content.problems());
        for (String id : content.routeIds()) {
            String other = NotificationChannels.builtIn().contains(id) ? "a built-in channel" : places.get(id);
            if (other != null) {
                problems.add(new Problem(
                        ChannelFile.lineNamedBy(text, id), id + " is the id of " + other + ": take another"));
            }
        }
        if (content.problems().isEmpty()) {
            @Nullable Problem problem = trial.problem(name, text);
            if (problem != null) {
                problems.add(problem);
            }
        }
        if (problems.isEmpty()) {
            content.routeIds().forEach(id -> places.put(id, "a channel in " + name));
        }
        return problems;
    }
}
