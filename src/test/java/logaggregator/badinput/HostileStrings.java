package logaggregator.badinput;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Strings that break programs. */
final class HostileStrings {

    private static final Path CORPUS = Path.of(System.getProperty("test.blns", "../shared/spec/corpora/blns.json"));
    static final int MAX_NAME = 100;
    static final int MAX_KEY = 1_024;
    static final int MAX_METADATA = 65_536;
    static final int MAX_MESSAGE = 65_536;
    static final int MAX_RECORD = 1 << 20;

    /** Made for what this program does with strings. */
    static final List<String> OWN = List.of(
            "",
            " ",
            "\u00A0",
            "\uFEFF",
            "\uFEFFafter a byte order mark",
            "\0",
            "NUL \0 inside",
            "\uD800",
            "\uDC00",
            "half \uDBFF pair",
            "\uDC00\uD800 swapped",
            "\uD83D\uD83D\uDE00",
            "\uD83D\uDE00",
            "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
            "\uDBFF\uDFFF",
            "\uFFFE\uFFFF\uFFFD",
            "\u202Edesrever\u202C \u2066isolated\u2069",
            "e\u0301 \u00E9",
            "\u0130i\u0131I \u00DF",
            "\u2028\u2029\u0085\u000B\f",
            "\u007F\u0080\u009F",
            IntStream.range(1, 0x20).mapToObj(Character::toString).collect(Collectors.joining()),
            "\\.",
            "\\N",
            "\n\\.\n",
            "a\tb\t",
            "\r",
            "\r\n",
            "a\rb\nc\r\nd\n",
            "\\",
            "\\\\",
            "tail\\",
            "\\u0000 \\x00 \\000",
            "\"quoted\" 'quoted' `quoted`",
            "{\"json\":[1,\"}\"]}",
            "a,b;c|d",
            "$1 ? %s %n {} ${body} {{x}} #{1+1}",
            "'; DROP TABLE logs; --",
            "#1",
            "##",
            "null",
            "(unknown)",
            "constructor",
            "\uD83D\uDE00".repeat(MAX_NAME),
            "\uD83D\uDE00".repeat(MAX_NAME + 1),
            "k".repeat(MAX_KEY),
            "k".repeat(MAX_KEY + 1),
            "m".repeat(MAX_MESSAGE),
            "\uD83D\uDE00".repeat(MAX_MESSAGE),
            "m".repeat(MAX_MESSAGE + 1),
            "m".repeat(MAX_RECORD));

    private HostileStrings() {}

    /** The Big List of Naughty Strings: {@code -Dtest.blns=FILE} names it, it isn't kept in this repository. Skips the test without it. */
    static List<String> naughty() throws IOException {
        assumeTrue(Files.isRegularFile(CORPUS), "skipped: there is no " + CORPUS + " (-Dtest.blns=FILE)");
        return List.of(new ObjectMapper().readValue(CORPUS.toFile(), String[].class));
    }
}
