package logaggregator.security;

import java.net.InetAddress;
import logaggregator.access.AccessSettings;
import logaggregator.access.ApiKeys;
import logaggregator.settings.InvalidSettingException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** Whether one gets in without a key. Thread-safe. */
@Component("door")
public class Door implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(Door.class);

    private final ApiKeys keys;
    private final ServerProperties server;
    private final boolean local;
    private final boolean anonymous;
    private final boolean api;
    private final HostNames hosts;

    /** @param keys lazy: filters are made before the database is started */
    Door(
            @Lazy ApiKeys keys,
            AccessSettings settings,
            ServerProperties server,
            @Value("${app.roles}") String roles,
            @Value("${alert.public-url}") String publicUrl) {
        InetAddress address = server.getAddress();
        this.keys = keys;
        this.server = server;
        this.local = address != null && address.isLoopbackAddress();
        this.anonymous = settings.allowAnonymous();
        this.api = roles.contains("api");
        this.hosts = new HostNames(address, publicUrl);
    }

    /**
     * Whether everybody may do everything: nobody ever made a key, and only this machine, or everybody, is meant to come. It
     * stays closed until that is known for certain: a proxy on this machine may bring in others.
     */
    boolean isOpen() {
        return !keys.exist() && keys.areKnown() && (local || anonymous);
    }

    /** Whether this machine may send logs, so that none is lost, though it isn't known yet whether there are keys. */
    boolean isAjar() {
        return local && !keys.exist() && !keys.areKnown();
    }

    /** Whether only this machine can come. */
    boolean isLocal() {
        return local;
    }

    /** Whether a request without a key, from this machine, is meant for this service, and not for a page's that a browser shows. */
    boolean isMeant(@Nullable String host) {
        return !local || hosts.contain(host);
    }

    @Override
    public void afterSingletonsInstantiated() {
        ListenAddress.check(server);
        if (!api || keys.exist()) {
            return;
        }
        if (local) {
            log.info("No API key is set: only this machine is let in, without one");
        } else if (anonymous) {
            remind();
        } else if (keys.areKnown()) {
            throw new InvalidSettingException(
                    "BIND_ADDRESS",
                    "is not a loopback address, and there is no API key: set API_KEYS, or make a key by"
                            + " \"keys create\"; or say ALLOW_ANONYMOUS=true, and everybody may send, read and delete logs");
        }
    }

    /** Says that everybody may come, if that is so; called once a minute. */
    public void remind() {
        if (!local && anonymous && !keys.exist()) {
            log.warn(
                    "ALLOW_ANONYMOUS: while there is no key, everybody who reaches this service may send, read and delete logs");
        }
    }
}
