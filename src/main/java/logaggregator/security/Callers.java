package logaggregator.security;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import logaggregator.access.Access;
import logaggregator.access.ApiKeys;
import logaggregator.access.Attempts;
import logaggregator.access.Sessions;
import logaggregator.access.TooManyAttemptsException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** Recognises who sends a request: by its key or, for a browser, by its session. Thread-safe. */
@Component
class Callers {

    static final String KEY_HEADER = "X-API-Key";
    static final String SESSION_COOKIE = "la_session";

    private static final String SITE = "Sec-Fetch-Site";
    private static final String BEARER = "bearer ";
    static final int MAX_LENGTH = 250;
    private static final Pattern KEY_IN_QUERY = Pattern.compile("(?i)(?:^|&)(?:x-)?api[_-]?key=|[=&]la_[\\w-]{43}");

    private final ApiKeys keys;
    private final Sessions sessions;
    private final ClientAddresses addresses;
    private final Attempts attempts;

    /** Both lazy: filters are made before the database is started. */
    Callers(@Lazy ApiKeys keys, @Lazy Sessions sessions, ClientAddresses addresses, Attempts attempts) {
        this.keys = keys;
        this.sessions = sessions;
        this.addresses = addresses;
        this.attempts = attempts;
    }

    /**
     * What the sender may do; null when it shows nothing that is valid. What could have been a guess is counted.
     *
     * @throws TooManyAttemptsException when there were too many of those
     * @throws logaggregator.UnavailableException when sessions can't be looked up
     */
    @Nullable
    Access find(HttpServletRequest request) {
        String key = key(request);
        if (key != null) {
            return ofKey(key, request);
        }
        String session = session(request);
        return session != null && (isRead(request) || isSentByOurPage(request))
                ? sessions.find(session, address(request))
                : null;
    }

    private @Nullable Access ofKey(String key, HttpServletRequest request) {
        Access access = key.isEmpty() || key.length() > MAX_LENGTH ? null : keys.find(key);
        if (access == null && !attempts.mayFail(address(request))) {
            throw new TooManyAttemptsException();
        }
        return access;
    }

    /** The key as it was sent, of whatever form; null when there is none. */
    static @Nullable String key(HttpServletRequest request) {
        String key = request.getHeader(KEY_HEADER);
        if (key != null) {
            return key.strip();
        }
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        boolean bearer =
                authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER);
        return bearer ? authorization.substring(BEARER.length()).strip() : null;
    }

    static @Nullable String session(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        return cookies == null
                ? null
                : Stream.of(cookies)
                        .filter(cookie -> cookie.getName().equals(SESSION_COOKIE))
                        .map(Cookie::getValue)
                        .findFirst()
                        .orElse(null);
    }

    static boolean hasKeyInQuery(HttpServletRequest request) {
        String query = request.getQueryString();
        return query != null && KEY_IN_QUERY.matcher(query).find();
    }

    private static boolean isRead(HttpServletRequest request) {
        return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    }

    static boolean isSentByAPage(HttpServletRequest request) {
        return request.getHeader(SITE) != null || request.getHeader(HttpHeaders.ORIGIN) != null;
    }

    /** Whether a page asked that will see the answer, if it may: one that only leads here says no origin. */
    static boolean isSentByAPageOfOthers(HttpServletRequest request) {
        return request.getHeader(HttpHeaders.ORIGIN) != null && !isSentByOurPage(request);
    }

    /** A browser says whose page a request comes from; with a session, others may change nothing. */
    static boolean isSentByOurPage(HttpServletRequest request) {
        String site = request.getHeader(SITE);
        if (site != null) {
            return site.equals("same-origin");
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        String host = request.getHeader(HttpHeaders.HOST);
        return origin != null
                && host != null
                && origin.replaceFirst("^https?://", "").equalsIgnoreCase(host);
    }

    /** Where the request comes from, as far as it can be believed. */
    String address(HttpServletRequest request) {
        return addresses.of(request);
    }
}
