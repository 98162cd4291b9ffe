package routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a client sends is passed on by routes and never evaluated: expressions stand in our own text, they name a whole
 * body, one of four headers that may be sent, or what our own steps have made.
 */
class ExpressionsTest {

    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{([^}]*)}");

    private static final Pattern HARMLESS =
            Pattern.compile("body|exchange|header\\.(?:ack|strict|Prefer|Idempotency-Key)|variable\\.[\\w.]+"
                    + "|exchangeProperty\\.delivery(?:\\.\\w+)?|exception(?:\\.message)?|properties:notify\\.[\\w.]+");

    /** Steps that would go where a message says, or run what it holds. */
    private static final Pattern DANGEROUS = Pattern.compile(
            "\\b(?:dynamicRouter|routingSlip|recipientList|script|groovy|spel|ognl|mvel|js|python|language|template)\\b *[(:]"
                    + "|(?:language|velocity|freemarker|mustache|groovy|exec|class|xslt):");

    /** The only step that has its destination from a message, and from where in it. */
    private static final List<String> DYNAMIC = List.of(".toD(\"direct://notify-${variable.channel}\", -1)");

    @Test
    void no_route_evaluates_what_a_message_holds() throws IOException {
        for (Path file : routes()) {
            String text = Files.readString(file);
            assertThat(EXPRESSION.matcher(text).results().map(found -> found.group(1)))
                    .as("%s", file)
                    .allMatch(expression -> HARMLESS.matcher(expression).matches());
            assertThat(text.lines().filter(line -> DANGEROUS.matcher(line).find()))
                    .as("%s", file)
                    .isEmpty();
            assertThat(text.lines().filter(line -> line.contains("toD")))
                    .as("%s", file)
                    .allMatch(line -> DYNAMIC.stream().anyMatch(line::contains));
        }
    }

    private static List<Path> routes() throws IOException {
        try (Stream<Path> java = Files.list(Path.of("src/main/java/routes"));
                Stream<Path> yaml = Files.list(Path.of("src/main/resources/routes"))) {
            return Stream.concat(java.filter(file -> file.toString().endsWith("Route.java")), yaml)
                    .toList();
        }
    }
}
