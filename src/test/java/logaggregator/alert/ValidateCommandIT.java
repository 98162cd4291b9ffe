package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import logaggregator.support.FailedStart;
import logaggregator.support.Servers;
import org.junit.jupiter.api.Test;

/** {@code java -jar … routes validate FILE…}. */
class ValidateCommandIT {

    private static final Path FOLDER = Servers.newDirectory("validate");

    private static final String GOOD = """
            - route:
                id: notify-pager
                group: notify
                from:
                  uri: direct:notify-pager
                  steps:
                    - setBody:
                        expression:
                          method:
                            ref: alertText
                            method: text(${body})
                    - to:
                        uri: http:{{PAGER_HOST}}
                        parameters:
                          httpMethod: POST
            """;

    @Test
    void files_are_checked_without_a_service() throws Exception {
        String good = write("notify-pager.camel.yaml", GOOD);
        String mistyped = write("mistyped.camel.yaml", GOOD.replace("setBody:", "setBdy:"));
        String unknown = write("unknown.camel.yaml", GOOD.replace("http:{{", "htp:{{"));
        String noBean = write("bean.camel.yaml", GOOD.replace("ref: alertText", "ref: noSuchBean"));
        String forbidden = write(
                "forbidden.camel.yaml",
                GOOD.replace("http:{{PAGER_HOST}}", "bean:alertText")
                        .replace("httpMethod: POST", "method: text(${body})"));
        String taken = write("taken.camel.yaml", GOOD.replace("notify-pager", "notify-slack"));
        String misnamed = write("misnamed.yaml", GOOD);
        String hidden = write(".hidden.camel.yaml", GOOD.replace("notify-pager", "notify-hidden"));
        String twin = write("twin.camel.yaml", GOOD);
        String open = write("open.camel.yaml", GOOD.replace("notify-pager", "notify-open"));
        Files.setPosixFilePermissions(Path.of(open), PosixFilePermissions.fromString("rw-rw-rw-"));
        String large =
                write("large.camel.yaml", GOOD.replace("notify-pager", "notify-large") + "# more\n".repeat(200_000));
        Map<String, String> settings = Map.of(
                "PAGER_HOST", "pager.example/s3cret-path",
                "DATABASE_URL", "postgresql://127.0.0.1:1/db",
                "REDIS_URL", "redis://127.0.0.1:1");

        FailedStart allGood = FailedStart.with(settings, "routes", "validate", good);
        assertThat(allGood.output()).isEqualTo(good + ": good\n");
        assertThat(allGood.status()).isZero();

        FailedStart bad = FailedStart.with(
                settings,
                "routes",
                "validate",
                mistyped,
                good,
                unknown,
                noBean,
                forbidden,
                taken,
                misnamed,
                twin,
                hidden,
                Path.of(good).resolveSibling("x/../notify-pager.camel.yaml").toString(),
                open,
                large,
                "/no/such.camel.yaml");
        assertThat(bad.status()).isEqualTo(1);
        assertThat(bad.output()).doesNotContain("\tat ", "s3cret").contains(good + ": good\n");
        assertThat(List.of(bad.output().split("\n")))
                .anySatisfy(
                        line -> assertThat(line).startsWith(mistyped + ":7: ").contains("setBdy"))
                .anySatisfy(line -> assertThat(line).startsWith(unknown + ":").contains("htp"))
                .anySatisfy(
                        line -> assertThat(line).startsWith(noBean + ":9: ").contains("a bean other than alertText"))
                .anySatisfy(line -> assertThat(line).startsWith(forbidden + ":").contains("ROUTES_ALLOWED_SCHEMES"))
                .anySatisfy(line -> assertThat(line).startsWith(taken + ":2: ").contains("built-in"))
                .anySatisfy(line -> assertThat(line).startsWith(misnamed + ": ").contains(".camel.yaml"))
                .anySatisfy(line ->
                        assertThat(line).startsWith(twin + ":2: ").contains("a channel in notify-pager.camel.yaml"))
                .anySatisfy(line -> assertThat(line).startsWith(hidden + ": ").contains("begins with a dot"))
                .noneSatisfy(line -> assertThat(line).contains("x/../"))
                .anySatisfy(line -> assertThat(line).startsWith(open + ": ").contains("chmod o-w"))
                .anySatisfy(line -> assertThat(line).startsWith(large + ": ").contains("more than 1048576 bytes"))
                .anySatisfy(line -> assertThat(line).startsWith("/no/such.camel.yaml: there is no such file"));
    }

    @Test
    void without_files_it_says_how_it_is_used() {
        FailedStart wrong = FailedStart.with(Map.of(), "routes", "check");

        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.output()).contains("usage: routes validate FILE");
    }

    private static String write(String name, String text) throws Exception {
        return Files.writeString(FOLDER.resolve(name), text).toString();
    }
}
