package logaggregator.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Puts what channels are told ({@link AlertNotice#body()}) into words, for the routes of channels. Values go in as they are:
 * whatever a log holds, it is neither evaluated nor does it change the form of JSON. Thread-safe.
 */
@Component("alertText")
public class AlertText {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_SUBJECT = 150;

    /** Telegram takes 4,096 characters. */
    private static final int MAX_MESSAGE = 3_000;

    /** The message in one line, without control characters. */
    public String line(Map<String, Object> body) {
        String line = OneLine.of(text(body.get("message")), " | ");
        return isResolved(body) ? "resolved: " + line : line;
    }

    /** One line for the subject of a mail. */
    public String subject(Map<String, Object> body) {
        String subject = "[" + text(body.get("severity")) + "] " + line(body);
        return cut(subject, MAX_SUBJECT);
    }

    /** Some lines for people: state and rule, the message, of which very long ones are cut, and the link. */
    public String text(Map<String, Object> body) {
        StringBuilder text = new StringBuilder(isResolved(body) ? "Resolved: " : "Alert: ").append(body.get("rule"));
        if (!text(body.get("group")).isEmpty()) {
            text.append(" (").append(body.get("group")).append(')');
        }
        text.append(", ").append(body.get("severity")).append('\n').append(cut(text(body.get("message")), MAX_MESSAGE));
        if (!text(body.get("link")).isEmpty()) {
            text.append('\n').append(body.get("link"));
        }
        return text.toString();
    }

    /** The same for Slack, to which these characters mean links and mentions. */
    public String slack(Map<String, Object> body) {
        return text(body).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /**
     * JSON made of a template: JSON whose texts hold placeholders, e.g. <code>{"summary": "{rule}: {message}"}</code>. They are
     * the names of the body's fields, and {@code text}, {@code line}, {@code subject} and {@code slack} of this class. What is a placeholder
     * and nothing else becomes the value itself, a number or null too; other braces stay.
     *
     * @throws IllegalArgumentException if the template isn't JSON or names a field that doesn't exist
     */
    public String json(Map<String, Object> body, String template) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>(body);
        values.put("text", text(body));
        values.put("line", line(body));
        values.put("subject", subject(body));
        values.put("slack", slack(body));
        try {
            return JSON.writeValueAsString(fill(JSON.readTree(template), values));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the template isn't JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static JsonNode fill(JsonNode node, Map<String, @Nullable Object> values) {
        if (node.isTextual()) {
            return filled(node.textValue(), values);
        }
        if (node.isArray()) {
            ArrayNode array = NODES.arrayNode();
            node.forEach(each -> array.add(fill(each, values)));
            return array;
        }
        if (node.isObject()) {
            ObjectNode object = NODES.objectNode();
            node.fields().forEachRemaining(field -> object.set(field.getKey(), fill(field.getValue(), values)));
            return object;
        }
        return node;
    }

    private static JsonNode filled(String template, Map<String, @Nullable Object> values) {
        String whole = MessageTemplate.onlyName(template);
        return whole != null
                ? JSON.valueToTree(value(whole, values))
                : NODES.textNode(MessageTemplate.fill(template, name -> text(value(name, values))));
    }

    private static @Nullable Object value(String name, Map<String, @Nullable Object> values) {
        if (!values.containsKey(name)) {
            throw new IllegalArgumentException("the template names {" + name + "}; there are " + values.keySet());
        }
        return values.get(name);
    }

    private static String cut(String text, int characters) {
        return text.codePointCount(0, text.length()) <= characters
                ? text
                : text.substring(0, text.offsetByCodePoints(0, characters)) + "…";
    }

    private static boolean isResolved(Map<String, Object> body) {
        return "resolved".equals(body.get("state"));
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
