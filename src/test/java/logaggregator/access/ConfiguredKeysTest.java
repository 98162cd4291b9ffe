package logaggregator.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import logaggregator.access.ConfiguredKeys.Configured;
import logaggregator.settings.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfiguredKeysTest {

    private static final String ONE = "a-key-that-only-one-has";
    private static final String TWO = "a-key-that-only-two-has";
    private static final String THREE = "a-key-that-only-three-has";

    @TempDir
    private Path folder;

    private static List<Configured> read(String keys, String file) {
        return ConfiguredKeys.of(new AccessSettings(keys, file, false, 1_000));
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("keys"), text).toString();
    }

    @Test
    void a_file_has_one_key_in_a_line_beside_those_of_the_variable() throws IOException {
        String hash = HexFormat.of().formatHex(Secret.of(THREE).hash());

        List<Configured> keys = read(
                ONE, file("# of the shop\n\n  " + TWO + ":ingest:shop+cart  \r\nsha256=" + hash + ":ingest+read\n"));

        assertThat(keys).hasSize(3);
        assertThat(keys.get(0).secret()).isEqualTo(Secret.of(ONE));
        assertThat(keys.get(0).access().scopes()).containsExactly(Scope.ADMIN);
        assertThat(keys.get(1).secret()).isEqualTo(Secret.of(TWO));
        assertThat(keys.get(1).access().scopes()).containsExactly(Scope.INGEST);
        assertThat(keys.get(1).access().apps()).isEqualTo(Set.of("shop", "cart"));
        assertThat(keys.get(2).secret()).isEqualTo(Secret.of(THREE));
        assertThat(keys.get(2).access().scopes()).containsExactlyInAnyOrder(Scope.INGEST, Scope.READ);
    }

    @Test
    void a_file_that_can_not_be_read_ends_the_start() {
        assertThatThrownBy(() -> read("", folder.resolve("missing").toString()))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("API_KEYS_FILE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"too-short", "a-key-with-a-wrong-scope:root", "an-admin-for-one-app:admin:shop", "sha256=12"})
    void a_line_that_makes_no_sense_ends_the_start_and_is_not_shown(String line) throws IOException {
        String file = file(line);

        assertThatThrownBy(() -> read("", file))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("API_KEYS_FILE")
                .hasMessageNotContaining(line.split(":", -1)[0]);
    }
}
