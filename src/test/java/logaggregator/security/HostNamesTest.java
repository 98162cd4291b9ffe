package logaggregator.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNamesTest {

    private final HostNames hosts = new HostNames(InetAddress.getLoopbackAddress(), "https://Logs.example.com:8443/x");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost:8000",
                "127.0.0.1",
                "127.0.0.1:1",
                "[::1]",
                "[::1]:8000",
                "logs.example.com",
                "logs.example.com:443"
            })
    void this_machine_and_the_public_address_are_meant(String host) {
        assertThat(hosts.contain(host)).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                ":8000",
                "evil.example",
                "evil.example:8000",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "evil.example:8000:localhost",
                "localhost@evil.example",
                "evil.example/localhost",
                "::1",
                "[::1",
                "[::1]x",
                "0.0.0.0"
            })
    void others_are_not(String host) {
        assertThat(hosts.contain(host)).isFalse();
    }

    @Test
    void without_a_public_address_only_this_machine_is_meant() {
        assertThat(new HostNames(null, "").contain("logs.example.com")).isFalse();
        assertThat(new HostNames(null, "").contain("localhost:8000")).isTrue();
    }
}
