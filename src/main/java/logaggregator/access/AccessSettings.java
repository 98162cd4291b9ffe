package logaggregator.access;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Who may do what.
 *
 * @param apiKeys keys that are none of the database's, see {@link ConfiguredKeys}
 * @param apiKeysFile a file with more of them
 * @param allowAnonymous whether the service may be reached by others without any key
 * @param logsPerMinutePerKey what a key may send that has no number of its own; 0 for any number
 */
@Validated
@ConfigurationProperties("access")
public record AccessSettings(
        @DefaultValue("") String apiKeys,
        @DefaultValue("") String apiKeysFile,
        @DefaultValue("false") boolean allowAnonymous,
        @DefaultValue("1000") @Min(0) @Max(1_000_000_000) int logsPerMinutePerKey) {

    /**
     * Whether there are keys beside those of the database.
     *
     * @throws logaggregator.settings.InvalidSettingException when they can't be read
     */
    public boolean haveKeys() {
        return !ConfiguredKeys.of(this).isEmpty();
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "AccessSettings";
    }
}
