package logaggregator.ops;

import java.util.ArrayList;
import java.util.List;
import logaggregator.Checkup;
import logaggregator.Checkup.Finding;
import logaggregator.Checkup.Verdict;
import logaggregator.Command;
import logaggregator.settings.InvalidBindingAnalyzer;
import logaggregator.settings.InvalidSettingException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;

/** {@code doctor}: looks at settings, servers, disk and routes, with the settings as they are, and says what to mend. */
public class DoctorCommand implements Command {

    private static final int USAGE = 2;
    private static final String INDENT = " ".repeat(23);

    @Override
    public String name() {
        return "doctor";
    }

    @Override
    public int run(List<String> arguments) {
        if (!arguments.isEmpty()) {
            System.err.println("usage: doctor");
            return USAGE;
        }
        Verdict worst = Verdict.GOOD;
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Examined.class)
                .web(WebApplicationType.NONE)
                // only what is looked at is made
                .lazyInitialization(true)
                .run("--logging.level.root=off", "--logging.level.logaggregator=off", "--logging.level.routes=off")) {
            worst = print("settings", settings(context), worst);
            for (Checkup checkup : checkups(context)) {
                worst = print(checkup.part(), look(checkup), worst);
            }
        } catch (RuntimeException e) {
            worst = print("settings", List.of(wrong(explain(e))), worst);
        }
        System.out.println(worst == Verdict.BAD ? "Something must be mended." : "It can be started.");
        return worst == Verdict.BAD ? 1 : 0;
    }

    private static List<Finding> settings(ConfigurableApplicationContext context) {
        List<Finding> wrong = new ArrayList<>();
        for (String name : context.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
            try {
                context.getBean(name);
            } catch (RuntimeException e) {
                wrong.add(wrong(explain(e)));
            }
        }
        return wrong.isEmpty() ? List.of(Finding.good("all can be used")) : wrong;
    }

    /** Without those that can't be made: then a setting is wrong, which was said before. */
    private static List<Checkup> checkups(ConfigurableApplicationContext context) {
        List<Checkup> checkups = new ArrayList<>();
        for (String name : context.getBeanNamesForType(Checkup.class)) {
            try {
                checkups.add(context.getBean(name, Checkup.class));
            } catch (BeansException e) {
                continue;
            }
        }
        AnnotationAwareOrderComparator.sort(checkups);
        return checkups;
    }

    private static List<Finding> look(Checkup checkup) {
        try {
            return checkup.look();
        } catch (RuntimeException e) {
            return List.of(wrong(explain(e)));
        }
    }

    private static Finding wrong(String text) {
        return Finding.bad(text, "correct the setting; README.md lists them all");
    }

    private static String explain(Throwable failure) {
        @Nullable FailureAnalysis analysis = new InvalidBindingAnalyzer().analyze(failure);
        if (analysis != null) {
            return analysis.getDescription();
        }
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof InvalidSettingException)) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    private static Verdict print(String part, List<Finding> findings, Verdict before) {
        Verdict worst = before;
        for (Finding finding : findings) {
            System.out.printf("%-9s %-12s %s%n", word(finding.verdict()), part, finding.text());
            if (finding.remedy() != null) {
                System.out.println(INDENT + "→ " + finding.remedy());
            }
            worst = finding.verdict().compareTo(worst) > 0 ? finding.verdict() : worst;
        }
        return worst;
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case GOOD -> "good";
            case DOUBTFUL -> "doubtful";
            case BAD -> "BAD";
        };
    }

    /**
     * What is looked at, found as the service finds it, without what would start it: Spring makes at once what has a life
     * of its own, or waits for an event.
     */
    @ComponentScan(
            basePackages = {"logaggregator", "routes"},
            excludeFilters = {
                @ComponentScan.Filter(
                        type = FilterType.REGEX,
                        pattern = {
                            ".*Application",
                            ".*StartupReport",
                            "logaggregator\\.security\\.(?!SecurityCheckup$).*"
                        }),
                @ComponentScan.Filter(type = FilterType.ASSIGNABLE_TYPE, classes = SmartLifecycle.class)
            })
    @ConfigurationPropertiesScan("logaggregator")
    @EnableConfigurationProperties({ServerProperties.class, ManagementServerProperties.class})
    static class Examined {}
}
