package logaggregator.alert;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import logaggregator.search.TimeText;

/** A part of a file of rules. What isn't as expected is refused with its line. */
final class RuleNode {

    private static final Pattern UNFIT_FOR_LINE = Pattern.compile("[\\p{Cc}\\p{Cs}]");
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Cs}&&[^\\t\\r\\n]]");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})([smhd]?)");

    private final YamlDocument document;
    private final String pointer;
    private final JsonNode node;
    private final String name;

    private RuleNode(YamlDocument document, String pointer, String name) {
        this.document = document;
        this.pointer = pointer;
        this.node = document.root().at(pointer);
        this.name = name;
    }

    /** The file as a whole. */
    static RuleNode of(YamlDocument file) {
        return new RuleNode(file, "", "the file");
    }

    InvalidRulesException invalid(String problem) {
        return new InvalidRulesException(document.line(pointer), name + " " + problem);
    }

    /** The same under another name. */
    RuleNode named(String other) {
        return new RuleNode(document, pointer, other);
    }

    boolean isSequence() {
        return node.isArray();
    }

    String name() {
        return name;
    }

    /** Its fields; one that isn't known is refused unless {@code known} is empty. */
    Map<String, RuleNode> fields(Set<String> known) {
        if (!node.isObject()) {
            throw invalid("must be a mapping, e.g. {threshold: 10, interval_sec: 60}");
        }
        Map<String, RuleNode> fields = new LinkedHashMap<>();
        node.fieldNames().forEachRemaining(key -> {
            String at = YamlDocument.pointer(pointer, key);
            if (!known.isEmpty() && !known.contains(key)) {
                throw new InvalidRulesException(
                        document.line(at),
                        "unknown field '" + key + "'; known are " + String.join(", ", new TreeSet<>(known)));
            }
            fields.put(key, new RuleNode(document, at, key));
        });
        return fields;
    }

    List<RuleNode> elements() {
        if (!isSequence()) {
            throw invalid("must be a list");
        }
        return IntStream.range(0, node.size())
                .mapToObj(n -> new RuleNode(document, YamlDocument.pointer(pointer, n), "an element of " + name))
                .toList();
    }

    /** Text without what the database can't hold. */
    String text() {
        String text = document.text(pointer);
        if (text == null) {
            throw invalid("must be text");
        }
        if (UNFIT.matcher(text).find()) {
            throw invalid("must not have control characters");
        }
        return text;
    }

    /** Text that is not blank and has no control characters. */
    String text(int maxLength) {
        return line(text(), maxLength);
    }

    /** The same of a name that is the key of this part. */
    String name(int maxLength) {
        return line(name, maxLength);
    }

    private String line(String text, int maxLength) {
        if (text.isBlank()
                || text.length() > maxLength
                || UNFIT_FOR_LINE.matcher(text).find()) {
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
