package logaggregator.alert;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import logaggregator.ops.FaultSource;
import logaggregator.search.SearchParser;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The rules of the file that ALERT_RULES names, read again whenever it has changed. A file that can't be used as a whole, or
 * that has vanished, changes nothing. Without one the rules that the original system had are in use. Thread-safe.
 */
@Component("alertRules")
public class AlertRules implements FaultSource {

    private static final Logger log = LoggerFactory.getLogger(AlertRules.class);

    /** May be missing; a file of another name was asked for. */
    private static final Path DEFAULT_FILE = Path.of("conf/alerts.yaml");

    private static final String BUILT_IN = "built-in";
    private static final int MAX_BYTES = 1024 * 1024;

    /** Nobody writes a file at once: what has not changed for so long is written. */
    private static final Duration SETTLES_AFTER = Duration.ofSeconds(1);

    private final Path file;
    private final boolean mayBeMissing;
    private final RuleParser parser;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private RuleSet current;
    private byte @Nullable [] content;

    /** As it was when it was last looked at. */
    private byte @Nullable [] seen;

    /** Since when it has been like that. */
    private long seenSince;

    private boolean hasLooked;

    @Autowired
    AlertRules(AlertSettings settings, SearchParser searches, Clock clock) {
        this(settings, searches, clock, System::nanoTime, DEFAULT_FILE);
    }

    AlertRules(AlertSettings settings, SearchParser searches, Clock clock, LongSupplier nanoTime, Path defaultFile) {
        this.nanoTime = nanoTime;
        this.file = Path.of(settings.rules());
        this.mayBeMissing = file.equals(defaultFile);
        this.parser = new RuleParser(searches, settings.checkInterval());
        this.clock = clock;
        this.current = inUse(builtIn(searches), BUILT_IN);
    }

    private static List<AlertRule> builtIn(SearchParser searches) {
        try (InputStream yaml = Objects.requireNonNull(AlertRules.class.getResourceAsStream("/alerts.yaml"))) {
            return new RuleParser(searches, 1).parse(new String(yaml.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RuleSet inUse(List<AlertRule> rules, String source) {
        return new RuleSet(rules, source, clock.instant().truncatedTo(ChronoUnit.MILLIS), null);
    }

    /** Those that hold now. */
    public synchronized RuleSet current() {
        try {
            byte[] now = read();
            if (!Arrays.equals(now, seen)) {
                seen = now;
                seenSince = nanoTime.getAsLong();
            }
            boolean settled = !hasLooked || nanoTime.getAsLong() - seenSince >= SETTLES_AFTER.toNanos();
            if (settled && !Arrays.equals(now, content)) {
                // noted before it is read: a broken file is looked at once
                content = now;
                current = inUse(parser.parse(decode(now)), file.toString());
                log.info("{} alert rules are in use, from {}", current.rules().size(), file);
            }
        } catch (NoSuchFileException e) {
            content = null;
            if (mayBeMissing && current.source().equals(BUILT_IN)) {
                forgive();
            } else {
                keep("there is no such file");
            }
        } catch (InvalidRulesException e) {
            keep(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            content = null;
            keep("it can't be read: " + e.getClass().getSimpleName());
        }
        hasLooked = true;
        return current;
    }

    @Override
    public String part() {
        return "alert-rules";
    }

    @Override
    public @Nullable String fault() {
        return current().error();
    }

    private void keep(String problem) {
        String error = file + ": " + problem;
        if (!error.equals(current.error())) {
            log.warn("The alert rules stay as they are ({}): {}", current.source(), error);
            current = new RuleSet(current.rules(), current.source(), current.loadedAt(), error);
        }
    }

    private void forgive() {
        if (current.error() != null) {
            log.info("{} is gone: the built-in alert rules are in use", file);
            current = new RuleSet(current.rules(), current.source(), current.loadedAt(), null);
        }
    }

    private byte[] read() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES + 1);
        }
    }

    private static String decode(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new InvalidRulesException(1, "the file is larger than " + MAX_BYTES + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidRulesException(1, "it is not UTF-8");
        }
    }
}
