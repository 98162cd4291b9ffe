package logaggregator.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.net.InetAddress;
import java.util.List;
import logaggregator.Checkup.Finding;
import logaggregator.Checkup.Verdict;
import logaggregator.access.AccessSettings;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.autoconfigure.web.ServerProperties;

/** What would keep the service from starting is said before. */
class SecurityCheckupTest {

    private static final String KEY = "k".repeat(32);
    private static final String LOCAL = "127.0.0.1";
    private static final String EVERYWHERE = "0.0.0.0";

    /** No machine has it: it is for documentation. */
    private static final String ELSEWHERE = "203.0.113.1";

    @Test
    void a_local_service_needs_nothing() {
        assertThat(look("", "", LOCAL, "", "")).extracting(Finding::verdict).containsExactly(Verdict.GOOD);
    }

    @Test
    void a_service_with_a_key_may_be_anywhere() {
        assertThat(look(KEY, "", EVERYWHERE, "10.0.0.0/8, ::1", "https://shop.example.com"))
                .extracting(Finding::verdict)
                .containsExactly(Verdict.GOOD);
    }

    @Test
    void each_setting_that_stops_a_start_is_named() {
        List<Finding> found = look("short", "secret", LOCAL, "proxy", "shop");

        assertThat(found).extracting(Finding::verdict).containsOnly(Verdict.BAD);
        assertThat(found)
                .extracting(finding -> finding.text().split(" ", 2)[0])
                .containsExactly("MANAGEMENT_PASSWORD", "TRUSTED_PROXIES", "CORS_ORIGINS", "API_KEYS");
        assertThat(found.toString()).doesNotContain("short", "secret");
    }

    @Test
    void without_a_key_in_the_settings_there_must_be_one_in_the_database() {
        assertThat(look("", "", EVERYWHERE, "", ""))
                .extracting(Finding::verdict, finding -> finding.text().split(" ", 2)[0])
                .containsExactly(
                        tuple(Verdict.DOUBTFUL, "BIND_ADDRESS"), tuple(Verdict.DOUBTFUL, "MANAGEMENT_ADDRESS"));
    }

    @Test
    void where_it_can_not_listen_is_named() {
        assertThat(look(KEY, "", ELSEWHERE, "", ""))
                .extracting(Finding::verdict, finding -> finding.text().split(" ", 2)[0])
                .containsExactly(tuple(Verdict.BAD, "BIND_ADDRESS"), tuple(Verdict.BAD, "MANAGEMENT_ADDRESS"));
    }

    private static List<Finding> look(String keys, String password, String address, String proxies, String origins) {
        ServerProperties server = new ServerProperties();
        server.setAddress(address(address));
        ManagementServerProperties management = new ManagementServerProperties();
        management.setAddress(address(address));
        return new SecurityCheckup(
                        new AccessSettings(keys, "", false, 0),
                        new OperatorSettings("operator", password),
                        server,
                        management,
                        proxies,
                        origins)
                .look();
    }

    private static InetAddress address(String numbers) {
        try {
            return InetAddress.getByName(numbers);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
