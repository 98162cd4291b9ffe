package logaggregator.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import logaggregator.access.Access;
import logaggregator.access.Attempts;
import logaggregator.ingest.Admission.Refusal;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets operators in at the management port, to what is meant for them. Probes need no password. What a page of somebody else has a
 * browser ask is refused: a question may stop a route.
 */
final class ManagementFilter extends OncePerRequestFilter {

    /** Who was let in, in the context of the thread: for what is noted of it. */
    static final String OPERATOR = "operator";

    private static final String METRICS = "/actuator/prometheus";
    private static final String HAWTIO = "/actuator/hawtio";

    private static final Pattern PROBE = Pattern.compile("/actuator/health(?:/liveness|/readiness)?");
    private static final Pattern OFFERED =
            Pattern.compile("/actuator/(?:prometheus|camelroutes(?:/.*)?|jolokia(?:/.*)?|hawtio(?:/.*)?)");

    /** What Hawtio brings along: ways to other servers, and logins that aren't ours. */
    private static final Pattern NOT_OFFERED =
            Pattern.compile(HAWTIO + "/(?:proxy|keycloak|auth/log(?:in|out))(?:/.*)?");

    /** Names of MBeans are encoded; other paths aren't. */
    private static final Pattern UNUSUAL_NAME = Pattern.compile("(?i)\\.\\.|%2e|%2f|%5c|[;\\\\]");

    private static final Pattern JOLOKIA = Pattern.compile("/actuator/(?:hawtio/)?jolokia(?:/.*)?");

    private static final Refusal NOT_FOUND = new Refusal(404, "not_found", "there is nothing here", 0);
    private static final Refusal FOREIGN_HOST = new Refusal(
            421, "foreign_host", "without a password this port answers to localhost, 127.0.0.1 and [::1] only", 0);
    private static final Refusal FOREIGN_PAGE =
            new Refusal(403, "foreign_page", "this is for pages of this port, not for others", 0);

    /** Not 405: Hawtio asks by GET whether it is at the right address, and takes 403 for a yes. */
    private static final Refusal POST_ONLY = new Refusal(403, "post_only", "Jolokia is to be asked by POST", 0);

    private static final Refusal UNAUTHORIZED = new Refusal(
            401, "unauthorized", "send MANAGEMENT_USER and MANAGEMENT_PASSWORD, or an API key with the scope admin", 0);
    private static final Refusal FORBIDDEN = new Refusal(
            403,
            "forbidden",
            "the key may not do this: it takes the scope admin; read, for all apps, is for metrics",
            0);
    private static final Refusal TOO_MANY = new Refusal(
            429,
            "too_many_attempts",
            "more than " + Attempts.PER_SECOND + " attempts in a second with wrong credentials",
            1);

    private final ManagementDoor door;
    private final ClientAddresses addresses;
    private final Attempts attempts;
    private final ProblemWriter problems;

    ManagementFilter(ManagementDoor door, ClientAddresses addresses, Attempts attempts, ProblemWriter problems) {
        this.door = door;
        this.addresses = addresses;
        this.attempts = attempts;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String path = request.getRequestURI();
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (PROBE.matcher(path).matches()) {
            chain.doFilter(request, response);
            return;
        }
        Refusal refusal = refusal(request, path);
        if (refusal == null) {
            try {
                chain.doFilter(request, response);
            } finally {
                MDC.remove(OPERATOR);
            }
            return;
        }
        MDC.remove(OPERATOR);
        if (refusal == UNAUTHORIZED) {
            response.addHeader(
                    HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"log-aggregator management\", charset=\"UTF-8\"");
        }
        problems.write(response, refusal);
    }

    private @Nullable Refusal refusal(HttpServletRequest request, String path) {
        if (!door.isMeant(request)) {
            return FOREIGN_HOST;
        }
        if (isOfForeignPage(request, path)) {
            return FOREIGN_PAGE;
        }
        Refusal stranger = door.isOpen() ? welcome("this machine") : refusalOfStranger(request, path);
        if (stranger != null) {
            return stranger;
        }
        boolean isJolokia = JOLOKIA.matcher(path).matches();
        if (isJolokia && !request.getMethod().equals("POST")) {
            return POST_ONLY;
        }
        boolean isUnusual = isJolokia ? UNUSUAL_NAME.matcher(path).find() : AccessRules.isUnusual(path);
        return isUnusual
                        || !OFFERED.matcher(path).matches()
                        || NOT_OFFERED.matcher(path).matches()
                ? NOT_FOUND
                : null;
    }

    /** Null when whoever asks may ask for this. */
    private @Nullable Refusal refusalOfStranger(HttpServletRequest request, String path) {
        Access access = door.accessOfKey(request);
        if (access != null) {
            return ManagementDoor.maySee(access, path.equals(METRICS)) ? welcome(access.account()) : FORBIDDEN;
        }
        if (!ManagementDoor.hasCredentials(request)) {
            return UNAUTHORIZED;
        }
        String address = addresses.of(request);
        if (!attempts.mayFail(address)) {
            return TOO_MANY;
        }
        String operator = door.ownerOfPassword(request);
        if (operator == null) {
            return UNAUTHORIZED;
        }
        attempts.forgive(address);
        return welcome(operator);
    }

    private static @Nullable Refusal welcome(String operator) {
        MDC.put(OPERATOR, operator);
        return null;
    }

    /** A link to Hawtio may well be on another page. */
    private static boolean isOfForeignPage(HttpServletRequest request, String path) {
        boolean isVisit = request.getMethod().equals("GET")
                && path.startsWith(HAWTIO)
                && !path.startsWith(HAWTIO + "/jolokia")
                && "navigate".equals(request.getHeader("Sec-Fetch-Mode"));
        String site = request.getHeader("Sec-Fetch-Site");
        boolean isTyped = "none".equals(site);
        return !isVisit && !isTyped && Callers.isSentByAPage(request) && !Callers.isSentByOurPage(request);
    }
}
