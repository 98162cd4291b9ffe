package logaggregator.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import logaggregator.Batch;
import logaggregator.access.Access;
import logaggregator.app.AppCheck;
import logaggregator.app.AppRights;
import logaggregator.ingest.Admission.Refusal;
import logaggregator.ingest.InvalidBodyException;
import logaggregator.limit.Quota;
import logaggregator.limit.Quotas;
import logaggregator.limit.Taken;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** Keeps producers to what their keys are for, and to their share. Thread-safe. */
@Component("producerCheck")
public class ProducerCheck {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int MAX_REMEMBERED_APPS = 100_000;
    private static final int MAX_REMEMBERED_ACCOUNTS = 10_000;

    private static final String CHARGED = ProducerCheck.class.getName() + ".CHARGED";

    private final AppCheck apps;
    private final Quotas quotas;
    private final int newAppsPerHour;

    /** How many applications an account has named within a minute or so that don't exist. */
    private final Cache<String, AtomicInteger> missed = Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED_ACCOUNTS)
            .expireAfterWrite(MINUTE)
            .build();

    /** Applications that were counted already, and may not exist yet. */
    private final Cache<String, Boolean> counted = Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED_APPS)
            .expireAfterWrite(HOUR)
            .build();

    ProducerCheck(AppCheck apps, Quotas quotas, LimitSettings settings) {
        this.apps = apps;
        this.quotas = quotas;
        this.newAppsPerHour = settings.newApps();
    }

    /**
     * Whether there is anything that whoever sent this request may not do; costs nothing. So it is when nobody knows the
     * request: then {@link #charge} fails.
     */
    public static boolean applies(@Nullable Object request) {
        return !(request instanceof HttpServletRequest sent) || sent.getAttribute(Access.ATTRIBUTE) != null;
    }

    /** The account under which a request is sent; empty when it needs none. */
    public static String account(@Nullable Object request) {
        return request instanceof HttpServletRequest sent
                ? Access.of(sent.getAttribute(Access.ATTRIBUTE)).account()
                : "";
    }

    /** Why a request of logs need not be read; null when it may come in. */
    @Nullable
    Refusal refusal(HttpServletRequest request, HttpServletResponse response) {
        Access access = Access.of(request.getAttribute(Access.ATTRIBUTE));
        Taken usedUp = access.logsPerMinute() == 0 ? null : quotas.usedUp(logs(access));
        if (usedUp == null) {
            return null;
        }
        tell(access, usedUp, response);
        return new Refusal(429, "rate_limited", tooMany(access), usedUp.secondsToWait());
    }

    /**
     * Takes all records off the sender's share, before anything is asked about them: those that are refused then as well.
     *
     * @param response is told what is left of it
     * @throws InvalidBodyException when that isn't enough
     */
    public void charge(Batch batch, HttpServletRequest request, HttpServletResponse response) {
        Access access = Access.of(request.getAttribute(Access.ATTRIBUTE));
        if (access.logsPerMinute() > 0) {
            take(access, batch.size(), response);
            request.setAttribute(CHARGED, batch.size());
        }
    }

    /**
     * Takes the records out that name no application, and those that may not be sent.
     *
     * @param response is told when more may be
     * @param strict as for the decoder
     * @param key the producer's name for the request, or null
     * @throws InvalidBodyException when nothing of it may be sent, or not now
     */
    public Batch check(
            Batch batch,
            HttpServletRequest request,
            HttpServletResponse response,
            @Nullable String strict,
            @Nullable String key) {
        Access access = Access.of(request.getAttribute(Access.ATTRIBUTE));
        if (access.hasAllApps() && newAppsPerHour == 0) {
            return apps.check(batch, strict, key);
        }
        Rights rights = new Rights(access);
        try {
            return permit(batch, access, rights, strict, key);
        } catch (InvalidBodyException e) {
            if (e.status() == 429) {
                response.setHeader(HttpHeaders.RETRY_AFTER, Integer.toString(rights.secondsToWait));
            }
            throw e;
        }
    }

    /** Gives the sender back what {@link #charge} took off its share, for a request of which nothing was accepted then. */
    void giveBack(HttpServletRequest request) {
        if (request.getAttribute(CHARGED) instanceof Integer logs) {
            request.removeAttribute(CHARGED);
            quotas.giveBack(logs(Access.of(request.getAttribute(Access.ATTRIBUTE))), logs);
        }
    }

    private Batch permit(Batch batch, Access access, Rights rights, @Nullable String strict, @Nullable String key) {
        if (access.hasAllApps()) {
            return apps.permit(apps.check(batch, rights, strict, key), rights, strict, key);
        }
        // in this order: who may not write to an app isn't told whether it exists
        Batch known = apps.check(apps.permit(batch, rights, strict, key), rights, strict, key);
        if (!known.deadLettered().isEmpty()) {
            throw new InvalidBodyException(
                    403,
                    "app_forbidden",
                    "the key is for some apps only, and which these records are of isn't known: under an Idempotency-Key"
                            + " it may not send them",
                    known.rejections());
        }
        return known;
    }

    private void take(Access access, int logs, HttpServletResponse response) {
        int limit = access.logsPerMinute();
        if (logs > limit) {
            throw new InvalidBodyException(
                    413,
                    "too_many_records",
                    "no more than " + limit + " logs may be sent in a minute, and so in a request");
        }
        Taken taken = quotas.take(logs(access), logs);
        tell(access, taken, response);
        if (!taken.allowed()) {
            response.setHeader(HttpHeaders.RETRY_AFTER, Integer.toString(taken.secondsToWait()));
            throw new InvalidBodyException(429, "rate_limited", tooMany(access));
        }
    }

    private static void tell(Access access, Taken taken, HttpServletResponse response) {
        response.setHeader("RateLimit-Policy", "\"logs\";q=" + access.logsPerMinute() + ";w=60");
        response.setHeader("RateLimit", "\"logs\";r=" + taken.left() + ";t=" + taken.secondsToReset());
    }

    private static String tooMany(Access access) {
        return "no more than " + access.logsPerMinute()
                + " logs may be sent in a minute; nothing was accepted, send it again later";
    }

    private static Quota logs(Access access) {
        return new Quota(access.account(), access.logsPerMinute(), MINUTE);
    }

    private Quota apps(Access access) {
        return new Quota(access.account() + ":apps", newAppsPerHour, HOUR);
    }

    private final class Rights implements AppRights {

        private final Access access;

        /** Until an app may be made that may not be made now, or is looked up again. */
        private int secondsToWait = (int) MINUTE.toSeconds();

        Rights(Access access) {
            this.access = access;
        }

        @Override
        public boolean mayWriteTo(String app) {
            return access.hasApp(app);
        }

        @Override
        public boolean mayWriteToAll() {
            return access.hasAllApps();
        }

        @Override
        public boolean mayCreate(String app) {
            if (newAppsPerHour == 0) {
                return true;
            }
            String name = access.account() + ' ' + app;
            if (counted.getIfPresent(name) != null) {
                return true;
            }
            Taken taken = quotas.take(apps(access), 1);
            if (taken.allowed()) {
                counted.put(name, true);
            } else {
                secondsToWait = taken.secondsToWait();
            }
            return taken.allowed();
        }

        @Override
        public boolean mayAsk() {
            AtomicInteger count = missed.getIfPresent(access.account());
            return count == null || count.get() <= MAX_MISSED;
        }

        @Override
        public void missed(int apps) {
            if (apps > 0) {
                missed.get(access.account(), unused -> new AtomicInteger()).addAndGet(apps);
            }
        }
    }
}
