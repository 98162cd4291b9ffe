package logaggregator.alert;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.stereotype.Component;

/**
 * Takes secrets out of texts that are shown: the values of all settings whose name sounds like one, and of each URL everything
 * but scheme, host and port, since the path of a webhook is its secret. Thread-safe.
 */
@Component
public class SecretMask {

    private static final Pattern SECRET_NAME = Pattern.compile(
            "(?i).*(url|uri|token|passw|passphrase|secret|key|webhook|credential|dsn|auth(?!or)|login).*");
    private static final Pattern URL =
            Pattern.compile("(?i)\\b([a-z][a-z0-9+.-]*)://([^\\s\"'<>\\[\\]/?#]*)([^\\s\"'<>\\[\\]]*)");
    private static final int SHORTEST_SECRET = 4;
    private static final int MAX_LENGTH = 500;

    private final List<String> secrets;

    @Autowired
    SecretMask(ConfigurableEnvironment environment) {
        this(environment.getPropertySources().stream()
                .filter(source -> !Set.of("systemProperties", "roles").contains(source.getName()))
                .flatMap(source -> source instanceof EnumerablePropertySource<?> named
                        ? Stream.of(named.getPropertyNames()).filter(SecretMask::isSecret)
                        : Stream.empty())
                .map(name -> value(environment, name)));
    }

    private SecretMask(Stream<String> values) {
        secrets = values.flatMap(SecretMask::secretParts)
                .filter(value -> value.length() >= SHORTEST_SECRET && !value.equals("true"))
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** One that knows the secrets among these settings. */
    public static SecretMask of(Map<String, String> settings) {
        return new SecretMask(settings.entrySet().stream()
                .filter(setting -> isSecret(setting.getKey()))
                .map(Map.Entry::getValue));
    }

    private static boolean isSecret(String name) {
        return SECRET_NAME.matcher(name).matches();
    }

    private static String value(ConfigurableEnvironment environment, String name) {
        try {
            return String.valueOf(environment.getProperty(name));
        } catch (IllegalArgumentException unresolvable) {
            return "";
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
        masked = masked.replaceAll("\\s*\\R\\s*", " ").replaceAll("\\p{Cntrl}", "·");
        return masked.length() <= MAX_LENGTH ? masked : masked.substring(0, MAX_LENGTH) + "…";
    }

    private static String shown(String scheme, String authority, String rest) {
        String host = authority.substring(authority.lastIndexOf('@') + 1);
        return scheme + "://" + host + (rest.length() > 1 ? "/***" : rest);
    }
}
