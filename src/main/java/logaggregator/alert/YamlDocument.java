package logaggregator.alert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** YAML as a tree that knows the line of each of its nodes. */
final class YamlDocument {

    private static final int MAX_DEPTH = 60;
    private static final int MAX_NODES = 100_000;
    private static final int SHORTEST_NAME = 5;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Map<String, Integer> lines = new HashMap<>();
    private final Map<String, Integer> values = new HashMap<>();
    private final Map<String, String> texts = new HashMap<>();
    private final JsonNode root;

    private YamlDocument(Node root) {
        this.root = read(root, "", 0);
    }

    /** @throws SyntaxException if it isn't YAML, or is nothing, or more than one document */
    static YamlDocument parse(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setNestingDepthLimit(MAX_DEPTH);
        try {
            @Nullable Node root = new Yaml(options).compose(new StringReader(text));
            if (root == null) {
                throw new SyntaxException(0, "the file is empty");
            }
            return new YamlDocument(root);
        } catch (MarkedYAMLException e) {
            @Nullable Mark mark = e.getProblemMark();
            throw new SyntaxException(mark == null ? 0 : mark.getLine() + 1, "it is not YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw new SyntaxException(
                    0,
                    "it is not YAML: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    JsonNode root() {
        return root;
    }

    /** The value that this JSON pointer leads to, as it is written; null when there is none. */
    @Nullable
    String text(String pointer) {
        return texts.get(pointer);
    }

    /** The JSON pointer of a field or an element. */
    static String pointer(String parent, Object name) {
        return parent + "/" + name.toString().replace("~", "~0").replace("/", "~1");
    }

    /** Line of what this JSON pointer leads to or, when that is missing, of what should hold it. */
    int line(String pointer) {
        String at = pointer;
        while (!lines.containsKey(at) && !at.isEmpty()) {
            at = at.substring(0, at.lastIndexOf('/'));
        }
        return lines.getOrDefault(at, 1);
    }

    /** Line of the longest value, other than short ones, that is a part of this text; 0 when there is none. */
    int lineNamedBy(String text) {
        return values.keySet().stream()
                .filter(value -> value.length() >= SHORTEST_NAME && text.contains(value))
                .max(Comparator.comparingInt(String::length))
                .map(values::get)
                .orElse(0);
    }

    private JsonNode read(Node node, String pointer, int depth) {
        int line = node.getStartMark().getLine() + 1;
        lines.putIfAbsent(pointer, line);
        if (depth > MAX_DEPTH || lines.size() > MAX_NODES) {
            throw new SyntaxException(line, "too large or too deep");
        }
        if (node instanceof SequenceNode sequence) {
            ArrayNode array = NODES.arrayNode();
            for (Node element : sequence.getValue()) {
                array.add(read(element, pointer(pointer, array.size()), depth + 1));
            }
            return array;
        }
        if (node instanceof MappingNode mapping) {
            ObjectNode object = NODES.objectNode();
            for (NodeTuple entry : mapping.getValue()) {
                String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
                int keyLine = entry.getKeyNode().getStartMark().getLine() + 1;
                if (object.has(key)) {
                    throw new SyntaxException(keyLine, "'" + key + "' comes twice");
                }
                String at = pointer(pointer, key);
                lines.put(at, keyLine);
                object.set(key, read(entry.getValueNode(), at, depth + 1));
            }
            return object;
        }
        JsonNode value = scalar((ScalarNode) node);
        if (!value.isNull()) {
            values.putIfAbsent(((ScalarNode) node).getValue(), line);
            texts.put(pointer, ((ScalarNode) node).getValue());
        }
        return value;
    }

    private static JsonNode scalar(ScalarNode node) {
        String value = node.getValue();
        if (node.getTag().equals(Tag.NULL)) {
            return NODES.nullNode();
        }
        if (node.getTag().equals(Tag.BOOL)) {
            return NODES.booleanNode(value.equalsIgnoreCase("true") || value.equalsIgnoreCase("yes"));
        }
        if (node.getTag().equals(Tag.INT) && value.matches("-?[0-9]{1,18}")) {
            return NODES.numberNode(Long.parseLong(value));
        }
        return NODES.textNode(value);
    }

    /** It isn't YAML. */
    static final class SyntaxException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final int line;

        SyntaxException(int line, String message) {
            super(message);
            this.line = line;
        }

        int line() {
            return line;
        }
    }
}
