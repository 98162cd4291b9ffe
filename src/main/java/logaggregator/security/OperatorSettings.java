package logaggregator.security;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may use the management port, beside admins with a key.
 *
 * @param password none when it is empty: then nobody gets in by it
 */
@ConfigurationProperties("operator")
record OperatorSettings(
        @DefaultValue("operator") String user,
        @DefaultValue("") String password) {

    /** Without the password. */
    @Override
    public String toString() {
        return "OperatorSettings";
    }
}
