package logaggregator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nothing in the repository has the shape of a secret. */
class NoSecretsTest {

    private static final Set<String> NOT_OURS = Set.of("target", ".git", "data", "node_modules");

    private static final Pattern SECRET = Pattern.compile(
            String.join(
                    "|",
                    "-----BEGIN [A-Z ]*PRIVATE KEY-----\\s*\\n[A-Za-z0-9+/=]",
                    "\\bAKIA[0-9A-Z]{16}\\b",
                    "\\bgh[pousr]_[A-Za-z0-9]{36}\\b",
                    "\\bgithub_pat_[A-Za-z0-9_]{22,}",
                    "\\bglpat-[A-Za-z0-9_-]{20}\\b",
                    "\\bxox[abprs]-[0-9A-Za-z-]{10,}",
                    "hooks\\.slack\\.com/services/T[0-9A-Z]{8,}/B[0-9A-Z]{8,}/[0-9A-Za-z]{20,}",
                    "\\bAIza[0-9A-Za-z_-]{35}\\b",
                    "\\bsk_live_[0-9A-Za-z]{16,}",
                    "\\bnpg_[0-9A-Za-z]{10,}",
                    "\\b[0-9]{8,10}:AA[0-9A-Za-z_-]{33}\\b",
                    "\\bla_[A-Za-z0-9_-]{43}\\b",
                    "\\beyJ[A-Za-z0-9_-]{20,}\\.eyJ[A-Za-z0-9_-]{20,}\\.",
                    "postgres(?:ql)?://\\w+:(?!PASSWORD|password|s3cret|\\$|%|p%40|p@)[^@\\s/\"'{}<>]{12,}@(?!host|localhost|127)"));

    @Test
    void is_in_no_file() throws IOException {
        List<Path> files = new ArrayList<>();
        collect(Path.of(""), files);
        assertThat(files).hasSizeGreaterThan(200);

        assertThat(files).allSatisfy(file -> assertThat(
                        SECRET.matcher(text(file)).results().map(found -> file + ": " + found.group()))
                .isEmpty());
    }

    private static void collect(Path folder, List<Path> files) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                if (Files.isDirectory(entry)
                        && !NOT_OURS.contains(entry.getFileName().toString())) {
                    collect(entry, files);
                } else if (Files.isRegularFile(entry) && Files.size(entry) < 1 << 20) {
                    files.add(entry);
                }
            }
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (MalformedInputException e) {
            return ""; // not text
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
