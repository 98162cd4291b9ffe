package logaggregator.security;

import logaggregator.settings.InvalidSettingException;
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

    private static final int SHORTEST_PASSWORD = 16;

    /** @throws InvalidSettingException when the password could be guessed */
    void check() {
        if (!password.isEmpty() && password.length() < SHORTEST_PASSWORD) {
            throw new InvalidSettingException(
                    "MANAGEMENT_PASSWORD", "must have at least " + SHORTEST_PASSWORD + " characters, or be absent");
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "OperatorSettings";
    }
}
