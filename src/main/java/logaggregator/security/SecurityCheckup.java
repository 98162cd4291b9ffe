package logaggregator.security;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import logaggregator.Checkup;
import logaggregator.access.AccessSettings;
import logaggregator.settings.InvalidSettingException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Whether those who should can come in, and the settings of that would let the service start. */
@Component
@Order(0)
class SecurityCheckup implements Checkup {

    private static final int NO_PORT = -1;
    private static final String REMEDY = "correct the setting; README.md lists them all";
    private static final String ANY_KEY =
            "set API_KEYS, unless you made a key by \"keys create\": otherwise the service doesn't start";

    private final AccessSettings access;
    private final OperatorSettings operator;
    private final InetAddress address;
    private final InetAddress managementAddress;
    private final int managementPort;
    private final String trustedProxies;
    private final String corsOrigins;

    SecurityCheckup(
            AccessSettings access,
            OperatorSettings operator,
            @Value("${server.address}") InetAddress address,
            @Value("${management.server.address}") InetAddress managementAddress,
            @Value("${management.server.port}") int managementPort,
            @Value("${security.trusted-proxies}") String trustedProxies,
            @Value("${security.cors-origins}") String corsOrigins) {
        this.access = access;
        this.operator = operator;
        this.address = address;
        this.managementAddress = managementAddress;
        this.managementPort = managementPort;
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
        if (!address.isLoopbackAddress() && !access.allowAnonymous()) {
            findings.add(
                    Finding.doubtful("BIND_ADDRESS is not a loopback address, and API_KEYS holds no key", ANY_KEY));
        }
        boolean nobodyManages =
                !managementAddress.isLoopbackAddress() && operator.password().isEmpty();
        if (managementPort != NO_PORT && nobodyManages) {
            findings.add(Finding.doubtful(
                    "MANAGEMENT_ADDRESS is not a loopback address, and there is neither MANAGEMENT_PASSWORD nor a key",
                    ANY_KEY));
        }
    }
}
