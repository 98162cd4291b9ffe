package logaggregator.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import logaggregator.access.Access;
import logaggregator.access.ApiKeys;
import logaggregator.access.Attempts;
import logaggregator.access.Sessions;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;

/** Begins and ends the sessions of browsers. Thread-safe. */
@Component
public class SessionCookies {

    private final Door door;
    private final ApiKeys keys;
    private final Sessions sessions;
    private final ClientAddresses addresses;
    private final Attempts attempts;

    SessionCookies(Door door, ApiKeys keys, Sessions sessions, ClientAddresses addresses, Attempts attempts) {
        this.door = door;
        this.keys = keys;
        this.sessions = sessions;
        this.addresses = addresses;
        this.attempts = attempts;
    }

    /** Whether one needs a key at all. */
    public boolean areNeeded() {
        return !door.isOpen();
    }

    /** What a sign-in ended with. */
    public enum Outcome {
        DONE,
        WRONG_KEY,
        TOO_MANY_ATTEMPTS,
        FOREIGN_PAGE
    }

    /** @param key as somebody typed it, or as the request has it in a header */
    public Outcome begin(@Nullable String key, HttpServletRequest request, HttpServletResponse response) {
        if (Callers.isSentByAPage(request) && !Callers.isSentByOurPage(request)) {
            return Outcome.FOREIGN_PAGE;
        }
        String sent = key == null ? Callers.key(request) : key.strip();
        Access owner = sent == null ? null : keys.find(sent);
        if (owner == null) {
            return attempts.mayFail(addresses.of(request)) ? Outcome.WRONG_KEY : Outcome.TOO_MANY_ATTEMPTS;
        }
        set(request, response, sessions.begin(owner), Sessions.LENGTH);
        return Outcome.DONE;
    }

    /** Forgets the session that the request shows, if any. */
    public void end(HttpServletRequest request, HttpServletResponse response) {
        String session = Callers.session(request);
        if (session != null && Callers.isSentByOurPage(request)) {
            if (Access.of(request.getAttribute(Access.ATTRIBUTE)).isSomebody()) {
                sessions.end(session);
            }
            set(request, response, "", Duration.ZERO);
        }
    }

    private void set(HttpServletRequest request, HttpServletResponse response, String value, Duration maxAge) {
        ResponseCookie cookie = ResponseCookie.from(Callers.SESSION_COOKIE, value)
                .httpOnly(true)
                .sameSite("Strict")
                .secure(addresses.isSecure(request))
                .path("/")
                .maxAge(maxAge)
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }
}
