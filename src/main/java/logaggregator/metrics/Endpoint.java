package logaggregator.metrics;

import java.util.Locale;

/** What requests are told apart by in metrics: few, whatever paths strangers make up. */
public enum Endpoint {
    INGEST,
    LOGS,
    TAIL,
    EXPORT,
    STATS,
    APPS,
    ALERTS,
    DLQ,
    KEYS,
    SESSION,
    LEDGER,
    STATUS,
    HEALTH,
    DOCS,
    UI,
    OTHER;

    private static final String API = "/api/v1/";

    /** @param path of a request, as it was sent */
    public static Endpoint of(String path) {
        if (path.startsWith(API)) {
            return ofApi(path);
        }
        if (path.startsWith("/ui")) {
            return UI;
        }
        if (path.startsWith("/health") || path.equals("/livez") || path.equals("/readyz")) {
            return HEALTH;
        }
        return path.startsWith("/docs") || path.startsWith("/swagger-ui") || path.startsWith("/openapi") ? DOCS : OTHER;
    }

    private static Endpoint ofApi(String path) {
        int end = path.indexOf('/', API.length());
        return switch (path.substring(API.length(), end < 0 ? path.length() : end)) {
            case "ingest" -> INGEST;
            case "logs" -> path.startsWith("tail", end + 1) ? TAIL : path.startsWith("export", end + 1) ? EXPORT : LOGS;
            case "bulk_logs" -> LOGS;
            case "stats" -> STATS;
            case "apps" -> APPS;
            case "alerts" -> ALERTS;
            case "dlq" -> DLQ;
            case "keys" -> KEYS;
            case "session" -> SESSION;
            case "ledger", "receipts" -> LEDGER;
            case "status" -> STATUS;
            default -> OTHER;
        };
    }

    /** The value of the label {@code endpoint}. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
