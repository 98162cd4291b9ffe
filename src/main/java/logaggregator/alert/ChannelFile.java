package logaggregator.alert;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A file of notification channels as an operator wrote it, and what is wrong with it as far as can be told without Camel.
 *
 * @param routeIds of the channels in it, as far as they are good
 */
public record ChannelFile(List<String> routeIds, List<Problem> problems) {

    private static final String ID = "notify-[a-z0-9][a-z0-9-]{0,60}";

    /** @param line the first is 1; 0 when it concerns the file as a whole */
    public record Problem(int line, String message) {

        @Override
        public String toString() {
            return line == 0 ? message : "line " + line + ": " + message;
        }
    }

    /** Reads a file; never throws. */
    public static ChannelFile read(String text) {
        YamlDocument document;
        try {
            document = YamlDocument.parse(text);
        } catch (YamlDocument.SyntaxException e) {
            return new ChannelFile(List.of(), List.of(new Problem(e.line(), String.valueOf(e.getMessage()))));
        }
        Set<String> ids = new LinkedHashSet<>();
        List<Problem> problems = new ArrayList<>(rules(document, ids));
        if (problems.isEmpty()) {
            problems.addAll(CamelYamlSchema.check(document));
        }
        return new ChannelFile(List.copyOf(ids), List.copyOf(problems));
    }

    /** Line of the value in a good file that a message speaks of, 0 when there is none. */
    public static int lineNamedBy(String text, String message) {
        return YamlDocument.parse(text).lineNamedBy(message.replace("://", ":"));
    }

    private static List<Problem> rules(YamlDocument document, Set<String> ids) {
        if (!document.root().isArray() || document.root().isEmpty()) {
            return List.of(new Problem(1, "must be a list, whose elements begin with '- route:'"));
        }
        List<Problem> problems = new ArrayList<>();
        for (int index = 0; index < document.root().size(); index++) {
            String at = "/" + index;
            JsonNode element = document.root().get(index);
            Iterator<String> names = element.fieldNames();
            String name = names.hasNext() ? names.next() : "nothing";
            if (element.size() != 1
                    || !name.equals("route")
                    || !element.get("route").isObject()) {
                problems.add(new Problem(document.line(at), "only routes may stand here ('- route:'), not " + name));
            } else {
                rules(document, at + "/route", element.get("route"), ids, problems);
            }
        }
        return problems;
    }

    private static void rules(
            YamlDocument document, String at, JsonNode route, Set<String> ids, List<Problem> problems) {
        String id = route.path("id").asText();
        if (!id.matches(ID)) {
            problems.add(new Problem(
                    document.line(at + "/id"),
                    "the route must have an id of the form notify-NAME, with small letters, digits and -"));
            return;
        }
        if (!ids.add(id)) {
            problems.add(new Problem(document.line(at + "/id"), "the id " + id + " is given twice"));
        }
        if (!route.path("group").asText().equals("notify")) {
            problems.add(new Problem(document.line(at + "/group"), "the route must have 'group: notify'"));
        }
        JsonNode from = route.path("from");
        String uri = from.path("uri").asText();
        if (uri.equals("direct")) {
            uri = "direct:" + from.path("parameters").path("name").asText();
        }
        if (!uri.equals("direct:" + id)) {
            problems.add(new Problem(
                    document.line(at + "/from/uri"), "the route must begin with 'from: {uri: direct:" + id + "}'"));
        }
        String policy = route.path("routeConfigurationId").asText("channel");
        if (!policy.equals("channel")) {
            problems.add(new Problem(
                    document.line(at + "/routeConfigurationId"), "routeConfigurationId can only be 'channel'"));
        }
    }
}
