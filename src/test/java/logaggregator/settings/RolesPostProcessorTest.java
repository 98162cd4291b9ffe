package logaggregator.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolesPostProcessorTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"api | api", "' Worker,API ' | api,worker", "'' | api,worker,alerts", "alerts, | alerts"})
    void brings_the_roles_into_one_form(String setting, String normalized) {
        assertThat(RolesPostProcessor.normalize(setting)).isEqualTo(normalized);
    }

    @Test
    void refuses_a_role_that_does_not_exist() {
        assertThatThrownBy(() -> RolesPostProcessor.normalize("api,wroker"))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("APP_ROLES");
    }
}
