package routes;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import logaggregator.Command;
import logaggregator.alert.SecretMask;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** {@code routes validate FILE…}: checks files of channels, with the settings as they are, without starting the service. */
public class RoutesCommand implements Command {

    private static final int USAGE = 2;

    @Override
    public String name() {
        return "routes";
    }

    @Override
    public int run(List<String> arguments) {
        if (arguments.size() < 2 || !arguments.get(0).equals("validate")) {
            System.err.println("usage: routes validate FILE…");
            return USAGE;
        }
        try (ConfigurableApplicationContext settings = new SpringApplicationBuilder(SettingsOnly.class)
                .web(WebApplicationType.NONE)
                .properties(Map.of("logging.level.root", "off"))
                .run()) {
            ChannelTrial trial =
                    new ChannelTrial(settings.getEnvironment()::getProperty, settings.getBean(SecretMask.class));
            boolean good = true;
            Set<Path> checked = new HashSet<>();
            for (String file : arguments.subList(1, arguments.size())) {
                if (!checked.add(Path.of(file).toAbsolutePath().normalize())) {
                    continue;
                }
                List<String> problems = problems(file, trial);
                System.out.println(problems.isEmpty() ? file + ": good" : String.join("\n", problems));
                good &= problems.isEmpty();
            }
            return good ? 0 : 1;
        }
    }

    private static List<String> problems(String file, ChannelTrial trial) {
        Path path = Path.of(file);
        String name = String.valueOf(path.getFileName());
        if (!name.endsWith(ChannelFolder.EXTENSION)) {
            return List.of(file + ": its name must end with " + ChannelFolder.EXTENSION);
        }
        if (name.startsWith(".")) {
            return List.of(file + ": a file whose name begins with a dot is not looked at");
        }
        ChannelFolder.Contents contents = new ChannelFolder.Contents();
        new ChannelFolder(path.resolveSibling("")).read(path, contents);
        if (!contents.has(name)) {
            return List.of(file + ": there is no such file");
        }
        String text = contents.texts().get(name);
        return text == null
                ? List.of(file + ": " + contents.unreadable().get(name))
                : trial.problems(name, text).stream()
                        .map(problem ->
                                file + (problem.line() == 0 ? "" : ":" + problem.line()) + ": " + problem.message())
                        .toList();
    }

    @Configuration(proxyBeanMethods = false)
    @Import(SecretMask.class)
    static class SettingsOnly {}
}
