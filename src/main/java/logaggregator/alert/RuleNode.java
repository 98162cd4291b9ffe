package logaggregator.alert;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import logaggregator.search.TimeText;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A part of a YAML file that knows its line. What isn't as expected is refused with it. */
final class RuleNode {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})([smhd]?)");

    private final Node node;
    private final String name;

    /** @param name what people call it */
    RuleNode(Node node, String name) {
        this.node = node;
        this.name = name;
    }

    InvalidRulesException invalid(String problem) {
        return new InvalidRulesException(node.getStartMark().getLine() + 1, name + " " + problem);
    }

    /** The same under another name. */
    RuleNode named(String other) {
        return new RuleNode(node, other);
    }

    boolean isSequence() {
        return node instanceof SequenceNode;
    }

    String name() {
        return name;
    }

    /** Its fields; a key that comes twice is refused, also one that isn't known unless {@code known} is empty. */
    Map<String, RuleNode> fields(Set<String> known) {
        if (!(node instanceof MappingNode mapping)) {
            throw invalid("must be a mapping, e.g. {threshold: 10, interval_sec: 60}");
        }
        Map<String, RuleNode> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String key = new RuleNode(tuple.getKeyNode(), "a key").text();
            int line = tuple.getKeyNode().getStartMark().getLine() + 1;
            if (!known.isEmpty() && !known.contains(key)) {
                throw new InvalidRulesException(
                        line, "unknown field '" + key + "'; known are " + String.join(", ", new TreeSet<>(known)));
            }
            if (fields.put(key, new RuleNode(tuple.getValueNode(), key)) != null) {
                throw new InvalidRulesException(line, "'" + key + "' comes twice");
            }
        }
        return fields;
    }

    List<RuleNode> elements() {
        if (!(node instanceof SequenceNode sequence)) {
            throw invalid("must be a list");
        }
        return sequence.getValue().stream()
                .map(each -> new RuleNode(each, "an element of " + name))
                .toList();
    }

    String text() {
        if (!(node instanceof ScalarNode scalar) || scalar.getTag().equals(Tag.NULL)) {
            throw invalid("must be text");
        }
        return scalar.getValue();
    }

    /** Text that is not blank and has no control characters. */
    String text(int maxLength) {
        String text = text();
        if (text.isBlank() || text.length() > maxLength || text.chars().anyMatch(c -> c < ' ')) {
            throw invalid("must have 1 to " + maxLength + " characters in one line");
        }
        return text;
    }

    /** One text, or a list of them. */
    List<String> texts(int maxLength) {
        if (!isSequence()) {
            return List.of(text(maxLength));
        }
        List<String> texts = new ArrayList<>();
        elements().forEach(element -> texts.add(element.text(maxLength)));
        if (texts.isEmpty()) {
            throw invalid("must not be empty");
        }
        return List.copyOf(texts);
    }

    /** Seconds, given as their number or with one of the letters s, m, h and d. */
    int seconds(int min, int max) {
        Optional<Long> seconds = duration(text());
        if (seconds.isEmpty() || seconds.get() < min || seconds.get() > max) {
            throw invalid("must be a number of seconds from " + min + " to " + max + ", or e.g. 10m or 1h");
        }
        return seconds.get().intValue();
    }

    private static Optional<Long> duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        return matcher.matches()
                ? Optional.of(Long.parseLong(matcher.group(1))
                        * (matcher.group(2).isEmpty()
                                ? 1
                                : TimeText.unit(matcher.group(2)).toSeconds()))
                : Optional.empty();
    }
}
