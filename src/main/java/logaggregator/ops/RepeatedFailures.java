package logaggregator.ops;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import logaggregator.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;
import org.slf4j.helpers.MessageFormatter;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Keeps the log short while something goes on to fail: a warning or an error is written when it comes first, and then once a minute
 * with how often it came. Failures are the same when they have the same text, those with an exception when that is the same,
 * from the same place. Thread-safe.
 */
@Component("repeatedFailures")
public class RepeatedFailures extends TurboFilter implements InitializingBean, DisposableBean {

    private static final Duration PERIOD = Duration.ofMinutes(1);

    /** Of more different ones each is written. */
    private static final int MOST = 1_000;

    private static final Marker SUMMARY = MarkerFactory.getMarker("SUMMARY");

    private final LongSupplier nanoTime;
    private final Map<String, Repeated> known = new LinkedHashMap<>();

    @Autowired
    public RepeatedFailures() {
        this(System::nanoTime);
    }

    RepeatedFailures(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private static final class Repeated {
        private final Logger logger;
        private final Level level;
        private final String text;
        private long since;
        private int count;
        private @Nullable String lastRequest;

        Repeated(Logger logger, Level level, String text, long since) {
            this.logger = logger;
            this.level = level;
            this.text = text;
            this.since = since;
        }
    }

    @Override
    public void afterPropertiesSet() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.addTurboFilter(this);
        }
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            ch.qos.logback.classic.Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] parameters,
            @Nullable Throwable failure) {
        // without a text somebody asks whether the level is on
        if (format == null || level.toInt() < Level.WARN_INT || marker == SUMMARY || !isOn(logger, level)) {
            return FilterReply.NEUTRAL;
        }
        String text = Objects.requireNonNullElse(
                MessageFormatter.arrayFormat(format, parameters).getMessage(), format);
        Throwable cause = failure == null ? MessageFormatter.getThrowableCandidate(parameters) : failure;
        String key = logger.getName() + '\n' + (cause == null ? text : describe(cause));
        return isRepeated(key, logger, level, text) ? FilterReply.DENY : FilterReply.NEUTRAL;
    }

    private static boolean isOn(ch.qos.logback.classic.Logger logger, Level level) {
        return level.isGreaterOrEqual(logger.getEffectiveLevel());
    }

    /** Texts that Camel writes about exceptions have ids in them. */
    private static String describe(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return failure + (trace.length == 0 ? "" : "\n" + trace[0]);
    }

    private synchronized boolean isRepeated(String key, Logger logger, Level level, String text) {
        Repeated before = known.get(key);
        if (before != null) {
            before.count++;
            before.lastRequest = MDC.get(Problem.REQUEST_ID);
            return true;
        }
        if (known.size() < MOST) {
            known.put(key, new Repeated(logger, level, text, nanoTime.getAsLong()));
        }
        return false;
    }

    /** Writes what came again and again in the last minute; called every few seconds. */
    public void tell() {
        due(PERIOD).forEach(RepeatedFailures::write);
    }

    private record Line(Logger logger, Level level, String text) {}

    private synchronized List<Line> due(Duration age) {
        long now = nanoTime.getAsLong();
        List<Line> lines = new ArrayList<>();
        known.values().removeIf(repeated -> {
            if (now - repeated.since < age.toNanos()) {
                return false;
            }
            if (repeated.count == 0) {
                return true;
            }
            lines.add(new Line(repeated.logger, repeated.level, describe(repeated)));
            repeated.since = now;
            repeated.count = 0;
            return false;
        });
        return lines;
    }

    private static String describe(Repeated repeated) {
        return repeated.count + " times more in the last minute"
                + (repeated.lastRequest == null ? "" : ", at last in request " + repeated.lastRequest) + ": "
                + repeated.text;
    }

    private static void write(Line line) {
        if (line.level().isGreaterOrEqual(Level.ERROR)) {
            line.logger().error(SUMMARY, line.text());
        } else {
            line.logger().warn(SUMMARY, line.text());
        }
    }

    @Override
    public void destroy() {
        due(Duration.ZERO).forEach(RepeatedFailures::write);
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getTurboFilterList().remove(this);
        }
    }
}
