package logaggregator.security;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * What each endpoint asks for, in one table. What isn't in it, and whatever is written in an unusual way, needs an admin: a
 * path that the rest of the service would read otherwise opens nothing. Thread-safe.
 */
final class AccessRules {

    static final String SESSION = "/api/v1/session";

    /** Encoded, relative or empty parts, and parameters of a path: {@code //api}, {@code /ui/../api}, {@code ;x=1}, {@code %2e}. */
    private static final Pattern UNUSUAL = Pattern.compile("//|/\\.|[;%\\\\]");

    private record Rule(PathPattern path, Need need) {}

    private final Map<String, Map<String, Need>> exact = new HashMap<>();
    private final Map<String, List<Rule>> patterns = new HashMap<>();

    AccessRules() {
        add("GET", Need.NOTHING, "/", "/favicon.ico", "/ui", "/ui/**");
        add("GET", Need.NOTHING, "/livez", "/readyz");
        add("GET", Need.PERHAPS_A_KEY, "/health", SESSION);
        // a sign-in looks at the key itself
        add("POST", Need.NOTHING, SESSION);
        add("DELETE", Need.PERHAPS_A_KEY, SESSION);
        add("GET", Need.ANY_KEY, "/docs", "/openapi.json", "/openapi.json/swagger-config", "/swagger-ui/**");

        add("POST", Need.INGEST, "/api/v1/ingest", "/api/v1/logs", "/api/v1/bulk_logs");
        add("GET", Need.ANY_KEY, "/api/v1/receipts/{id}");

        add("GET", Need.READ, "/api/v1/logs", "/api/v1/logs/filter", "/api/v1/logs/export", "/api/v1/logs/tail");
        add("GET", Need.READ, "/api/v1/logs/{id}", "/api/v1/logs/{id}/context");
        add("GET", Need.READ, "/api/v1/stats", "/api/v1/stats/histogram", "/api/v1/stats/fields");
        add("DELETE", Need.READ, "/api/v1/queries/{id}");
        add("GET", Need.READ, "/api/v1/apps", "/api/v1/apps/{id}");
        add("GET", Need.READ_ALL_APPS, "/api/v1/ledger", "/api/v1/status", "/api/v1/alerts", "/api/v1/alerts/rules");
        add("GET", Need.READ_ALL_APPS, "/api/v1/alerts/silences", "/api/v1/alerts/channels");
    }

    static boolean isUnusual(String path) {
        return UNUSUAL.matcher(path).find();
    }

    private void add(String method, Need need, String... paths) {
        for (String path : paths) {
            PathPattern pattern = PathPatternParser.defaultInstance.parse(path);
            if (pattern.hasPatternSyntax()) {
                patterns.computeIfAbsent(method, unused -> new ArrayList<>()).add(new Rule(pattern, need));
            } else {
                exact.computeIfAbsent(method, unused -> new HashMap<>()).put(path, need);
            }
        }
    }

    /** @param path as it was sent, with or without a slash at the end */
    Need of(String method, String path) {
        if (isUnusual(path)) {
            return Need.ADMIN;
        }
        String asked = method.equals("HEAD") ? "GET" : method;
        String plain = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        Need need = exact.getOrDefault(asked, Map.of()).get(plain);
        if (need != null) {
            return need;
        }
        PathContainer parsed = PathContainer.parsePath(plain);
        return patterns.getOrDefault(asked, List.of()).stream()
                .filter(rule -> rule.path().matches(parsed))
                .map(Rule::need)
                .findFirst()
                .orElse(Need.ADMIN);
    }
}
