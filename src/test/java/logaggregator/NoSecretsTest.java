package logaggregator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nothing in the repository has the shape of a secret. */
class NoSecretsTest {

    private static final Set<String> NOT_OURS = Set.of("target", ".git", "data", "node_modules");

    private static final int MAX_BYTES = 1 << 20;

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

    /** All that git has: every version of each file, and what commits say of them. */
    @Test
    void was_in_no_version_of_any() throws Exception {
        assumeTrue(Files.exists(Path.of(".git")), "there is no .git here: past versions are not looked at");
        Process git = new ProcessBuilder("git", "cat-file", "--batch", "--batch-all-objects", "--unordered")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        git.getOutputStream().close();
        int looked = 0;
        try (DataInputStream objects = new DataInputStream(new BufferedInputStream(git.getInputStream()))) {
            for (String header = line(objects); !header.isEmpty(); header = line(objects)) {
                String[] parts = header.split(" ", -1);
                byte[] content = objects.readNBytes(Integer.parseInt(parts[2]));
                objects.skipBytes(1); // the end of the line
                if (!parts[1].equals("tree") && content.length < MAX_BYTES) {
                    looked++;
                    assertThat(SECRET.matcher(new String(content, ISO_8859_1))
                                    .results()
                                    .map(MatchResult::group))
                            .as("git show %s", parts[0])
                            .isEmpty();
                }
            }
        }
        assertThat(git.waitFor()).isZero();
        assertThat(looked).isPositive();
    }

    private static String line(DataInputStream input) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = input.read(); next >= 0 && next != '\n'; next = input.read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    private static void collect(Path folder, List<Path> files) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                if (Files.isDirectory(entry)
                        && !NOT_OURS.contains(entry.getFileName().toString())) {
                    collect(entry, files);
                } else if (Files.isRegularFile(entry) && Files.size(entry) < MAX_BYTES) {
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
