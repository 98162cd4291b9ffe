package routes;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import logaggregator.alert.ChannelFile;
import logaggregator.alert.SecretMask;
import logaggregator.ops.FaultSource;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationContext;
import org.springframework.stereotype.Component;

/**
 * Keeps the channels of the operator's folder as its files say: a new file is added, a changed one replaces its routes, with
 * a deleted one they go. A file that can't be used changes nothing, and its error is shown until it can. Other routes are
 * never touched.
 */
@Component("channelLoader")
public class ChannelLoader implements FaultSource {

    private static final Logger log = LoggerFactory.getLogger(ChannelLoader.class);

    /** What was refused may have become usable without a change of its own. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private final CamelContext camel;
    private final ChannelFolder folder;
    private final TrialContext trial;
    private final SecretMask secrets;
    private final ChannelRoutes routes;
    private final Clock clock;
    private final Map<String, FileState> states = new ConcurrentSkipListMap<>();

    /** As it was at the last look. */
    private ChannelFolder.Contents seen = new ChannelFolder.Contents(Map.of(), Map.of());

    /** What was wrong with the folder at the last look. */
    private volatile @Nullable String folderProblem;

    private volatile boolean hasLooked;

    @Autowired
    ChannelLoader(
            CamelContext camel,
            @Value("${routes.dir}") Path folder,
            SecretMask secrets,
            ChannelTraffic traffic,
            Clock clock,
            ApplicationContext beans) {
        this(
                camel,
                new ChannelFolder(folder),
                new TrialContext(
                        beans.getEnvironment()::getProperty,
                        name -> beans.containsBean(name) ? beans.getBean(name) : null,
                        secrets),
                secrets,
                traffic,
                clock);
    }

    ChannelLoader(
            CamelContext camel,
            ChannelFolder folder,
            TrialContext trial,
            SecretMask secrets,
            ChannelTraffic traffic,
            Clock clock) {
        this.camel = camel;
        this.folder = folder;
        this.trial = trial;
        this.secrets = secrets;
        this.routes = new ChannelRoutes(camel, traffic);
        this.clock = clock;
    }

    /**
     * A file of the folder.
     *
     * @param routeIds of the channels in use or, when none ever was, of those that the file should bring
     * @param text the last good version, null when there was none
     * @param tried the version that was looked at last, null when it could not be read
     * @param loadedAt when the version in use was loaded
     * @param error what is wrong with the file as it is now
     */
    record FileState(
            String file,
            List<String> routeIds,
            @Nullable String text,
            @Nullable String tried,
            Instant triedAt,
            @Nullable Instant loadedAt,
            @Nullable String error) {}

    List<FileState> files() {
        return List.copyOf(states.values());
    }

    /** Ids of the routes that are on the way from one version to the next. */
    Set<String> replacing() {
        return routes.replacing();
    }

    /** Ids of the routes that nothing more is to be sent to. */
    Set<String> leaving() {
        return routes.leaving();
    }

    /** Whether the channels of the folder as it was at the start are there: alerts are not sent before. */
    public boolean hasLooked() {
        return hasLooked;
    }

    /** Looks for changes; called every second. A change counts when it was seen twice: nobody writes a file at once. */
    public synchronized void scan() {
        if (!camel.isStarted()) {
            return;
        }
        try {
            take(folder.read());
            folderProblem = null;
        } catch (IOException e) {
            String problem = "the folder ROUTES_DIR can't be read: " + secrets.describe(e);
            if (!problem.equals(folderProblem)) {
                log.warn("{}; the channels stay as they are", problem);
            }
            folderProblem = problem;
        } finally {
            hasLooked = true;
        }
    }

    private void take(ChannelFolder.Contents now) {
        for (FileState state : files()) {
            if (!now.has(state.file()) && !seen.has(state.file())) {
                remove(state);
            }
        }
        now.unreadable().forEach((file, error) -> {
            if (seen.unreadable().containsKey(file)) {
                refuse(state(file), List.of(), null, error);
            }
        });
        now.texts().forEach((file, text) -> {
            if ((!hasLooked || text.equals(seen.texts().get(file))) && isNews(file, text)) {
                loadOrRefuse(file, text);
            }
        });
        seen = now;
    }

    @Override
    public String part() {
        return "channels";
    }

    @Override
    public @Nullable String fault() {
        if (folderProblem != null) {
            return folderProblem;
        }
        String problems = files().stream()
                .filter(state -> state.error() != null)
                .map(state -> state.file() + ": " + state.error())
                .collect(Collectors.joining("; "));
        return problems.isEmpty() ? null : problems;
    }

    private boolean isNews(String file, String text) {
        FileState state = states.get(file);
        if (state == null || !text.equals(state.tried())) {
            return true;
        }
        return state.error() != null && state.triedAt().plus(RETRY_AFTER).isBefore(clock.instant());
    }

    /** Whatever a file does to those who read it, the others are looked at. */
    private void loadOrRefuse(String file, String text) {
        try {
            load(file, text);
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            refuse(state(file), List.of(), text, secrets.describe(e));
        }
    }

    private void load(String file, String text) {
        ChannelFile content = ChannelFile.read(text);
        FileState before = state(file);
        if (text.equals(before.text()) && before.routeIds().stream().allMatch(id -> camel.getRoute(id) != null)) {
            accept(before, before.routeIds(), text, before.loadedAt());
            return;
        }
        @Nullable
        String error =
                content.problems().stream().map(ChannelFile.Problem::toString).collect(Collectors.joining("; "));
        error = error.isEmpty() ? clash(content.routeIds(), before, text) : secrets.mask(error);
        if (error == null) {
            ChannelFile.Problem problem = trial.problem(file, text);
            error = problem == null ? replace(before, content.routeIds(), text) : problem.toString();
        }
        if (error == null) {
            accept(before, content.routeIds(), text, clock.instant());
        } else {
            refuse(before, content.routeIds(), text, error);
        }
    }

    private FileState state(String file) {
        List<String> ids = List.of(ChannelFolder.routeId(file));
        return states.getOrDefault(file, new FileState(file, ids, null, null, clock.instant(), null, null));
    }

    private void accept(FileState before, List<String> ids, String text, @Nullable Instant loadedAt) {
        states.put(before.file(), new FileState(before.file(), ids, text, text, clock.instant(), loadedAt, null));
        log.info("channels of {} are in use: {}, SHA-256 {}", before.file(), ids, ChannelFolder.sha256(text));
    }

    private void refuse(FileState before, List<String> ids, @Nullable String text, String error) {
        if (!error.equals(before.error()) || !Objects.equals(text, before.tried())) {
            log.warn(
                    "{} can't be used{}: {}",
                    before.file(),
                    before.text() == null ? "" : ", its last good version stays",
                    error);
        }
        List<String> shown = before.text() != null || ids.isEmpty() ? before.routeIds() : ids;
        states.put(
                before.file(),
                new FileState(before.file(), shown, before.text(), text, clock.instant(), before.loadedAt(), error));
    }

    private @Nullable String clash(List<String> ids, FileState own, String text) {
        for (String id : ids) {
            boolean ours = own.text() != null && own.routeIds().contains(id);
            if (NotificationChannels.builtIn().contains(id) || !ours && camel.getRoute(id) != null) {
                return new ChannelFile.Problem(
                                ChannelFile.lineNamedBy(text, id), id + " is the id of another route: take another")
                        .toString();
            }
        }
        return null;
    }

    /** Returns what went wrong; then the last good version is in use again. */
    private @Nullable String replace(FileState before, List<String> ids, String text) {
        List<String> old = before.text() == null ? List.of() : before.routeIds();
        try {
            routes.takeOut(old, ids);
            ChannelRoutes.add(camel, before.file(), text);
            return null;
        } catch (Exception e) {
            log.debug("{} could not be used", before.file(), e);
            return putBack(before, ids, secrets.describe(e));
        } finally {
            routes.letIn();
        }
    }

    private String putBack(FileState before, List<String> ids, String error) {
        List<String> old = before.text() == null ? List.of() : before.routeIds();
        try {
            routes.takeOut(Stream.concat(ids.stream(), old.stream()).distinct().toList(), old);
            if (before.text() != null) {
                ChannelRoutes.add(camel, before.file(), before.text());
            }
            return error;
        } catch (Exception e) {
            return error + "; the last good version can't be used again either: " + secrets.describe(e);
        }
    }

    private void remove(FileState state) {
        try {
            if (state.text() != null) {
                routes.takeOut(state.routeIds(), List.of());
            }
            states.remove(state.file());
            log.info("{} is gone, and its channels: {}", state.file(), state.routeIds());
        } catch (Exception e) {
            log.warn("the channels of {} can't be removed yet: {}", state.file(), secrets.describe(e));
        } finally {
            routes.letIn();
        }
    }
}
