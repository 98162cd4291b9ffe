package logaggregator.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import logaggregator.UnavailableException;
import logaggregator.access.Access;
import logaggregator.access.ApiKeys;
import logaggregator.access.Attempts;
import logaggregator.access.TooManyAttemptsException;
import logaggregator.ingest.Admission.Refusal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/**
 * Lets requests in as {@link AccessRules} say, before anything of their body is read, and notes what admins change. It
 * never tells what is wrong with a key.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 3)
class AccessFilter implements Filter {

    private static final Logger audit = LoggerFactory.getLogger("logaggregator.security.Audit");

    /** Change nothing. */
    private static final Set<String> LOOKS = Set.of("GET", "HEAD", "OPTIONS");

    private static final Refusal UNAUTHORIZED =
            new Refusal(401, "unauthorized", "send a valid key as X-API-Key, or Authorization: Bearer", 0);
    private static final Refusal KEY_IN_QUERY = new Refusal(
            400, "key_in_query", "send the key as X-API-Key: addresses are written to logs, so revoke this key", 0);
    private static final Refusal TOO_MANY = new Refusal(
            429,
            "too_many_attempts",
            "more than " + Attempts.PER_SECOND + " attempts in a second without a valid key",
            1);
    private static final Refusal FOREIGN_HOST = new Refusal(
            421,
            "foreign_host",
            "without keys this service answers to localhost, 127.0.0.1, [::1] and the host of PUBLIC_URL only",
            0);
    private static final Refusal FOREIGN_PAGE = new Refusal(
            403,
            "foreign_page",
            "without a key, pages of others may come from origins that CORS_ORIGINS names: * isn't meant for them",
            0);
    private static final Refusal NOT_KNOWN_YET =
            new Refusal(503, "keys_unknown", "the keys can't be read at the moment; send it again", 2);

    private final AccessRules rules = new AccessRules();
    private final Door door;
    private final ApiKeys keys;
    private final Callers callers;
    private final ProblemWriter problems;
    private final int perAddress;
    private final List<String> origins;

    /** @param keys lazy: filters are made before the database is started */
    AccessFilter(
            Door door,
            @Lazy ApiKeys keys,
            Callers callers,
            LimitSettings limits,
            @Value("${security.cors-origins}") String origins,
            ProblemWriter problems) {
        this.origins = WebConfiguration.origins(origins);
        this.perAddress = limits.logsPerMinutePerAddress();
        this.door = door;
        this.keys = keys;
        this.callers = callers;
        this.problems = problems;
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        Need need = rules.of(request.getMethod(), request.getRequestURI());
        if (door.isOpen() || door.isAjar() && (need == Need.INGEST || need.isOpen())) {
            if (!door.isMeant(request.getHeader(HttpHeaders.HOST))) {
                refuse(response, FOREIGN_HOST);
                return;
            }
            if (Callers.isSentByAPageOfOthers(request) && !isNamed(request.getHeader(HttpHeaders.ORIGIN))) {
                refuse(response, FOREIGN_PAGE);
                return;
            }
            if (!door.isLocal()) {
                request.setAttribute(Access.ATTRIBUTE, Access.anonymous(callers.address(request), perAddress));
            }
            chain.doFilter(request, response);
            return;
        }
        if (Callers.hasKeyInQuery(request)) {
            refuse(response, KEY_IN_QUERY);
            return;
        }
        Access access = null;
        try {
            access = need == Need.NOTHING ? null : callers.find(request);
        } catch (TooManyAttemptsException e) {
            refuse(response, TOO_MANY);
            return;
        } catch (UnavailableException e) {
            if (!need.isOpen()) {
                refuse(response, NOT_KNOWN_YET);
                return;
            }
        }
        Refusal refusal = refusal(need, access);
        if (refusal != null) {
            refuse(response, refusal);
            return;
        }
        request.setAttribute(Access.ATTRIBUTE, access == null ? Access.NOBODY : access);
        try {
            chain.doFilter(request, response);
        } finally {
            if (need == Need.ADMIN && access != null && !LOOKS.contains(request.getMethod())) {
                String change = change(access, request);
                AfterAnswer.of(request, () -> audit.info("{}: {}", change, response.getStatus()));
            }
        }
    }

    private boolean isNamed(String origin) {
        return origins.stream().anyMatch(origin::equalsIgnoreCase);
    }

    private static String change(Access access, HttpServletRequest request) {
        String query = request.getQueryString();
        return access.account() + " \"" + access.name() + "\": " + request.getMethod() + " " + request.getRequestURI()
                + (query == null ? "" : "?" + query);
    }

    private @Nullable Refusal refusal(Need need, @Nullable Access access) {
        if (access == null) {
            return need.isOpen() ? null : keys.areKnown() ? UNAUTHORIZED : NOT_KNOWN_YET;
        }
        return need.isMetBy(access)
                ? null
                : new Refusal(403, "forbidden", "the key may not do this: it takes " + need.description(), 0);
    }

    private void refuse(HttpServletResponse response, Refusal refusal) throws IOException {
        if (refusal.status() == 401) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, Access.CHALLENGE);
        }
        problems.write(response, refusal);
    }
}
