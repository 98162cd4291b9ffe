package logaggregator.alert;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import logaggregator.alert.ChannelFile.Problem;
import org.jspecify.annotations.Nullable;

/**
 * What the routes of an operator's file may reach. It guards against mistakes and against files that come from elsewhere;
 * whoever may write the folder still decides what this process does. Immutable.
 */
public final class ChannelRules {

    private static final String EVERYTHING = "*";
    private static final String BEAN = "bean";
    private static final String THE_BEAN = "alertText";

    /** Steps and languages that go where no file tells, or that run what isn't a route. */
    private static final Set<String> UNLIMITED = Set.of(
            "toD",
            "toDynamic",
            "recipientList",
            "routingSlip",
            "dynamicRouter",
            "enrich",
            "pollEnrich",
            "poll",
            "wireTap",
            "kamelet",
            "aggregationStrategy",
            "script",
            "process",
            "serviceCall",
            "language",
            "spel",
            "groovy",
            "mvel",
            "ognl",
            "joor",
            "java",
            "js",
            "python",
            "csimple",
            "wasm");

    private static final Pattern FUNCTION = Pattern.compile("\\{(bean|type|ref):([\\w.]*)");

    /** Values that Camel makes, or looks up, objects of. */
    private static final Pattern OBJECT = Pattern.compile("#(?:class|bean|type|property|valueAs)\\b");

    /** Where a {@code #} may be the beginning of such a value, once placeholders are filled in. */
    private static final Pattern OF_ENDPOINT = Pattern.compile("/uri$|/to$|/parameters/");

    /** A file is written below its folder unless other options say otherwise. */
    private static final Set<String> FILE_OPTIONS = Set.of(
            "allowNullBody", "appendChars", "autoCreate", "charset", "fileExist", "fileName", "flatten", "forceWrites");

    private final Set<String> schemes;
    private final Path data;

    /**
     * @param allowedSchemes of URIs, with commas; {@code *} allows everything, {@code bean} all beans
     * @param data below which files may be written
     */
    public ChannelRules(String allowedSchemes, Path data) {
        this.schemes =
                Arrays.stream(allowedSchemes.split(",", -1)).map(String::strip).collect(Collectors.toSet());
        this.data = data.toAbsolutePath().normalize();
    }

    /** What a good file may not hold; null when there is nothing. */
    public @Nullable Problem problem(String text) {
        YamlDocument document = YamlDocument.parse(text);
        return schemes.contains(EVERYTHING) ? null : problem(document, "", document.root());
    }

    private @Nullable Problem problem(YamlDocument document, String at, JsonNode node) {
        String found = at.isEmpty() ? null : describe(at, at.substring(at.lastIndexOf('/') + 1), node);
        if (found != null) {
            return new Problem(document.line(at), found + " isn't allowed here (ROUTES_ALLOWED_SCHEMES)");
        }
        int index = 0;
        Iterator<Map.Entry<String, JsonNode>> fields = node.fields();
        while (node.isContainerNode() && (fields.hasNext() || index < node.size())) {
            String name;
            JsonNode child;
            if (node.isObject()) {
                Map.Entry<String, JsonNode> field = fields.next();
                name = field.getKey();
                child = field.getValue();
                index++;
            } else {
                name = Integer.toString(index);
                child = node.get(index++);
            }
            Problem problem = problem(document, YamlDocument.pointer(at, name), child);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private @Nullable String describe(String at, String name, JsonNode value) {
        if (UNLIMITED.contains(name)) {
            return "'" + name + "'";
        }
        String text = value.isTextual() ? value.textValue() : "";
        if (OBJECT.matcher(text).find()
                || text.contains("#") && OF_ENDPOINT.matcher(at).find()) {
            return "'#', which stands for a bean or a class,";
        }
        if (schemes.contains(BEAN)) {
            return null;
        }
        boolean calls = name.equals(BEAN) || name.equals("method") && value.isObject();
        if (calls && !value.path("ref").asText().equals(THE_BEAN)) {
            return "a bean other than " + THE_BEAN;
        }
        Matcher function = FUNCTION.matcher(text);
        return function.find()
                        && !(function.group(1).equals(BEAN) && function.group(2).startsWith(THE_BEAN))
                ? "'${" + function.group(1) + ":…}'"
                : null;
    }

    /** What is wrong with an endpoint of a file; null when nothing is. */
    public @Nullable String problemOfEndpoint(String uri) {
        String scheme = uri.replaceFirst(":.*", "");
        if (schemes.contains(EVERYTHING)) {
            return null;
        }
        if (!schemes.contains(scheme)) {
            return "'" + scheme + ":' is none of the schemes that are allowed (ROUTES_ALLOWED_SCHEMES)";
        }
        return scheme.equals("file") ? problemOfFile(uri) : null;
    }

    private @Nullable String problemOfFile(String uri) {
        String[] parts = uri.replaceFirst("^file:(//)?", "").split("\\?", 2);
        Path folder = Path.of(parts[0]);
        if (parts[0].contains("%") || !folder.toAbsolutePath().normalize().startsWith(data)) {
            return "a channel may write files below " + data.getFileName() + " (DATA_DIR) only";
        }
        return Arrays.stream(parts.length == 1 ? new String[0] : parts[1].split("&", -1))
                .map(option -> option.replaceFirst("=.*", ""))
                .filter(option -> !FILE_OPTIONS.contains(option))
                .findFirst()
                .map(option -> "'" + option + "' is none of the options of 'file:' that are allowed: "
                        + String.join(", ", new TreeSet<>(FILE_OPTIONS)))
                .orElse(null);
    }
}
