package logaggregator.alert;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.stereotype.Component;

/**
 * Takes secrets out of texts that are shown: the values of all settings whose name sounds like one, of those that channels take
 * them from, and of each URL everything but scheme, host and port, since the path of a webhook is its secret. Thread-safe.
 */
@Component
public class SecretMask {

    private static final Pattern SECRET_NAME = Pattern.compile(
            "(?i).*(url|uri|token|passw|passphrase|pwd|secret|key|webhook|credential|dsn|auth(?!or)|login"
                    + "|\\bpass\\b|_pass(_.*)?$).*");

    /** These only say something about one. */
    private static final Pattern HARMLESS_NAME =
            Pattern.compile("(?i).*(public[._-]url|[._-](prefix|enabled|timeout|ms))");

    private static final Set<String> HARMLESS_VALUES = Set.of("true", "false", "null");

    /** What a channel takes when it sends, or protects from being shown. */
    private static final Pattern NAMED = Pattern.compile(
            "\\$\\{(?:properties|env|sysenv)[:.]\\??([^:}]+)[^}]*}|RAW\\(\\{\\{\\??(?:env:)?([^:}]+)[^}]*}}\\)");

    /** Whatever follows the server belongs to it, up to a space: a path may hold quotes and brackets. */
    private static final Pattern URL = Pattern.compile("(?i)\\b([a-z][a-z0-9+.-]*)://([^\\s\"'<>\\[\\]/?#]*)(\\S*)");

    private static final int SHORTEST_SECRET = 4;
    private static final int MAX_LENGTH = 500;

    private final Function<String, @Nullable String> settings;

    /** The longest first. */
    private volatile List<String> secrets = List.of();

    @Autowired
    SecretMask(ConfigurableEnvironment environment) {
        this(
                name -> value(environment, name),
                environment.getPropertySources().stream()
                        .filter(source -> !Set.of("systemProperties", "roles").contains(source.getName()))
                        .flatMap(source -> source instanceof EnumerablePropertySource<?> named
                                ? Stream.of(named.getPropertyNames())
                                : Stream.empty()));
    }

    private SecretMask(Function<String, @Nullable String> settings, Stream<String> names) {
        this.settings = settings;
        add(names.filter(SecretMask::isSecret));
    }

    /** One that knows the secrets among these settings. */
    public static SecretMask of(Map<String, String> settings) {
        return new SecretMask(settings::get, settings.keySet().stream());
    }

    private static boolean isSecret(String name) {
        return SECRET_NAME.matcher(name).matches()
                && !HARMLESS_NAME.matcher(name).matches();
    }

    /** Takes what is named in a channel's file for secret, whatever it is called. */
    public void learn(String file) {
        add(NAMED.matcher(file)
                .results()
                .map(named -> named.group(1) != null ? named.group(1) : named.group(2))
                .map(String::strip));
    }

    private synchronized void add(Stream<String> names) {
        Stream<String> values = names.map(settings).filter(Objects::nonNull).flatMap(SecretMask::secretParts);
        secrets = Stream.concat(secrets.stream(), values)
                .filter(value ->
                        value.length() >= SHORTEST_SECRET && !HARMLESS_VALUES.contains(value.toLowerCase(Locale.ROOT)))
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    private static @Nullable String value(ConfigurableEnvironment environment, String name) {
        try {
            return environment.getProperty(name);
        } catch (IllegalArgumentException unresolvable) {
            return null;
        }
    }

    /** Of a URL its server isn't secret. */
    private static Stream<String> secretParts(String value) {
        Matcher url = URL.matcher(value);
        if (!url.lookingAt()) {
            return Stream.of(value);
        }
        String authority = url.group(2);
        return Stream.of(authority.substring(0, authority.lastIndexOf('@') + 1), url.group(3));
    }

    /** What went wrong, in one line. */
    public String describe(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String outer = reason(failure);
        String inner = reason(root);
        return mask(outer.contains(inner) ? outer : outer + ": " + inner);
    }

    private static String reason(Throwable failure) {
        @Nullable String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message.strip();
    }

    /** The text in one line of at most 500 characters, without secrets. */
    public String mask(String text) {
        String masked = URL.matcher(text)
                .replaceAll(url -> Matcher.quoteReplacement(shown(url.group(1), url.group(2), url.group(3))));
        for (String secret : secrets) {
            masked = masked.replace(secret, "***");
        }
        masked = OneLine.of(masked, " ");
        return masked.length() <= MAX_LENGTH ? masked : masked.substring(0, MAX_LENGTH) + "…";
    }

    private static String shown(String scheme, String authority, String rest) {
        String host = authority.substring(authority.lastIndexOf('@') + 1);
        return scheme + "://" + host + (rest.length() > 1 ? "/***" : rest);
    }
}
