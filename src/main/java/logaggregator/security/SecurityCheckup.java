package logaggregator.security;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import logaggregator.Checkup;
import logaggregator.access.AccessSettings;
import logaggregator.settings.InvalidSettingException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Whether it can listen where it should, those who should can come in, and the settings of that would let the service start. */
@Component
@Order(0)
class SecurityCheckup implements Checkup {

    private static final String REMEDY = "correct the setting; README.md lists them all";
    private static final String ANY_KEY =
            "set API_KEYS, unless you made a key by \"keys create\": otherwise the service doesn't start";

    private final AccessSettings access;
    private final OperatorSettings operator;
    private final ServerProperties server;
    private final ManagementServerProperties management;
    private final String trustedProxies;
    private final String corsOrigins;

    SecurityCheckup(
            AccessSettings access,
            OperatorSettings operator,
            ServerProperties server,
            ManagementServerProperties management,
            @Value("${security.trusted-proxies}") String trustedProxies,
            @Value("${security.cors-origins}") String corsOrigins) {
        this.access = access;
        this.operator = operator;
        this.server = server;
        this.management = management;
        this.trustedProxies = trustedProxies;
        this.corsOrigins = corsOrigins;
    }

    @Override
    public String part() {
        return "access";
    }

    @Override
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        check(findings, () -> ListenAddress.check(server));
        check(findings, () -> ListenAddress.check(management));
        check(findings, operator::check);
        check(findings, () -> ClientAddresses.networks(trustedProxies));
        check(findings, () -> WebConfiguration.origins(corsOrigins));
        check(findings, () -> lookForKeys(findings));
        return findings.isEmpty() ? List.of(Finding.good("who should can come in")) : findings;
    }

    private static void check(List<Finding> findings, Runnable check) {
        try {
            check.run();
        } catch (InvalidSettingException e) {
            findings.add(Finding.bad(String.valueOf(e.getMessage()), REMEDY));
        }
    }

    /** Those of the database aren't asked: its tables may be missing. */
    private void lookForKeys(List<Finding> findings) {
        if (access.haveKeys()) {
            return;
        }
        if (!isLocal(server.getAddress()) && !access.allowAnonymous()) {
            findings.add(
                    Finding.doubtful("BIND_ADDRESS is not a loopback address, and API_KEYS holds no key", ANY_KEY));
        }
        boolean nobodyManages =
                !isLocal(management.getAddress()) && operator.password().isEmpty();
        if (ListenAddress.isUsed(management) && nobodyManages) {
            findings.add(Finding.doubtful(
                    "MANAGEMENT_ADDRESS is not a loopback address, and there is neither MANAGEMENT_PASSWORD nor a key",
                    ANY_KEY));
        }
    }

    private static boolean isLocal(@Nullable InetAddress address) {
        return address != null && address.isLoopbackAddress();
    }
}
