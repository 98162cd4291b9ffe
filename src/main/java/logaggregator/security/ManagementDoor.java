package logaggregator.security;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import logaggregator.access.Access;
import logaggregator.access.ApiKeys;
import logaggregator.access.Scope;
import logaggregator.settings.InvalidSettingException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** Who gets in at the management port. Thread-safe. */
@Component
class ManagementDoor implements SmartInitializingSingleton {

    private static final String BASIC = "basic ";

    private final ApiKeys keys;
    private final OperatorSettings operator;
    private final ManagementServerProperties server;
    private final boolean local;
    private final HostNames hosts;

    ManagementDoor(ApiKeys keys, OperatorSettings operator, ManagementServerProperties server) {
        InetAddress address = server.getAddress();
        this.keys = keys;
        this.operator = operator;
        this.server = server;
        this.local = address != null && address.isLoopbackAddress();
        this.hosts = new HostNames(address, "");
    }

    @Override
    public void afterSingletonsInstantiated() {
        operator.check();
        ListenAddress.check(server);
        if (ListenAddress.isUsed(server)
                && !local
                && operator.password().isEmpty()
                && !keys.exist()
                && keys.areKnown()) {
            throw new InvalidSettingException(
                    "MANAGEMENT_ADDRESS",
                    "is not a loopback address, and nobody could get in: set MANAGEMENT_PASSWORD, or make an API key with the"
                            + " scope admin");
        }
    }

    /** Whether this machine gets in without saying who it is. */
    boolean isOpen() {
        return local && operator.password().isEmpty();
    }

    /** Whether a request is meant for this port, and not for a page's of somebody else that a browser shows. */
    boolean isMeant(HttpServletRequest request) {
        return !isOpen() || hosts.contain(request.getHeader(HttpHeaders.HOST));
    }

    /** What an API key may that was sent, wherever it stands; null when none was, or nobody has it. */
    @Nullable
    Access accessOfKey(HttpServletRequest request) {
        String key = Callers.key(request);
        if (key == null) {
            String[] login = login(request.getHeader(HttpHeaders.AUTHORIZATION));
            key = login == null ? "" : login[1];
        }
        return key.isEmpty() || key.length() > Callers.MAX_LENGTH ? null : keys.find(key);
    }

    /** @param looksOnly whether the scope read, for all apps, is enough */
    static boolean maySee(Access access, boolean looksOnly) {
        return access.has(Scope.ADMIN) || looksOnly && access.has(Scope.READ) && access.hasAllApps();
    }

    /** Who it is by the password; null when it isn't that. A password may be guessed: whoever asks must count attempts. */
    @Nullable
    String ownerOfPassword(HttpServletRequest request) {
        String[] login = login(request.getHeader(HttpHeaders.AUTHORIZATION));
        boolean isOperator = login != null
                && !operator.password().isEmpty()
                && isSame(login[0], operator.user()) & isSame(login[1], operator.password());
        return isOperator ? operator.user() : null;
    }

    /** Whether it tries to say who it is. */
    static boolean hasCredentials(HttpServletRequest request) {
        return Callers.key(request) != null || request.getHeader(HttpHeaders.AUTHORIZATION) != null;
    }

    private static String @Nullable [] login(@Nullable String header) {
        if (header == null || !header.toLowerCase(Locale.ROOT).startsWith(BASIC)) {
            return null;
        }
        try {
            byte[] decoded =
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
            String[] parts = new String(decoded, StandardCharsets.UTF_8).split(":", 2);
            return parts.length == 2 ? parts : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(digest(one), digest(other));
    }

    /** Of one length, whatever was sent. */
    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
