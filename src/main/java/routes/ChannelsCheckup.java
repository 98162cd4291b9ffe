package routes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import logaggregator.Checkup;
import logaggregator.alert.SecretMask;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** The operator's own channels, in ROUTES_DIR. */
@Component
@Order(5)
class ChannelsCheckup implements Checkup {

    private static final String REMEDY = "correct it; conf/routes/README.md describes channels";

    private final Environment settings;
    private final SecretMask secrets;

    ChannelsCheckup(Environment settings, SecretMask secrets) {
        this.settings = settings;
        this.secrets = secrets;
    }

    @Override
    public String part() {
        return "routes";
    }

    @Override
    public List<Finding> look() {
        Path folder = Path.of(settings.getProperty("routes.dir", "conf/routes"));
        ChannelFolder.Contents contents;
        try {
            contents = new ChannelFolder(folder).read();
        } catch (IOException e) {
            return List.of(Finding.bad(folder + ": " + e.getMessage(), REMEDY));
        }
        List<Finding> findings = new ArrayList<>();
        contents.unreadable().forEach((file, problem) -> findings.add(Finding.bad(file + ": " + problem, REMEDY)));
        ChannelTrial trial = new ChannelTrial(settings::getProperty, secrets);
        contents.texts().forEach((file, text) -> trial.problems(file, text)
                .forEach(problem -> findings.add(Finding.bad(
                        file + (problem.line() == 0 ? "" : ":" + problem.line()) + ": " + problem.message(), REMEDY))));
        return findings.isEmpty()
                ? List.of(Finding.good(contents.texts().size() + " channels of your own in " + folder))
                : findings;
    }
}
