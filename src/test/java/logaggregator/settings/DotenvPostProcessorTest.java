package logaggregator.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class DotenvPostProcessorTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "PORT=8001 | 8001",
                "PORT = 8001 | 8001",
                "PORT=\"8001\" | 8001",
                "PORT='8001' | 8001",
                "PORT=\"a b#c\" | a b#c",
                "PORT=8001 # the web port | 8001",
                "PORT= | ``",
                "PORT=redis://:pw@localhost:6379/0 | redis://:pw@localhost:6379/0",
                "PORT=postgresql://me:p=w@db/logs?sslmode=require | postgresql://me:p=w@db/logs?sslmode=require"
            })
    void reads_a_value_without_its_quotes(String line, String expected) throws IOException {
        assertThat(environmentWith(line, Map.of()).getProperty("PORT")).isEqualTo(expected);
    }

    @Test
    void reads_a_file_with_comments_blank_lines_and_windows_line_ends() throws IOException {
        ConfigurableEnvironment environment =
                environmentWith("# the queue\r\n\r\nREDIS_URL=redis://r:6379\r\n#PORT=1\r\n", Map.of());

        assertThat(environment.getProperty("REDIS_URL")).isEqualTo("redis://r:6379");
        assertThat(environment.getProperty("PORT")).isNull();
    }

    @Test
    void a_variable_of_the_real_environment_wins() throws IOException {
        ConfigurableEnvironment environment = environmentWith("PORT=1\nREDIS_URL=redis://file\n", Map.of("PORT", "2"));

        assertThat(environment.getProperty("PORT")).isEqualTo("2");
        assertThat(environment.getProperty("REDIS_URL")).isEqualTo("redis://file");
    }

    @Test
    void wins_over_the_defaults_of_the_application() throws IOException {
        Files.writeString(directory.resolve(".env"), "PORT=1\n");
        ConfigurableEnvironment environment = environment(Map.of());
        environment.getPropertySources().addLast(new MapPropertySource("application.yaml", Map.of("PORT", "8000")));

        process(environment);

        assertThat(environment.getProperty("PORT")).isEqualTo("1");
    }

    @Test
    void a_missing_file_is_fine() {
        ConfigurableEnvironment environment = environment(Map.of("PORT", "2"));

        process(environment);

        assertThat(environment.getProperty("PORT")).isEqualTo("2");
    }

    @Test
    void a_line_that_is_no_setting_is_named_without_its_text() {
        assertThatThrownBy(() -> environmentWith("s3cret without a name\n", Map.of()))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(".env")
                .hasMessageNotContaining("s3cret");
    }

    private ConfigurableEnvironment environmentWith(String file, Map<String, Object> variables) throws IOException {
        Files.writeString(directory.resolve(".env"), file);
        ConfigurableEnvironment environment = environment(variables);
        process(environment);
        return environment;
    }

    private ConfigurableEnvironment environment(Map<String, Object> variables) {
        ConfigurableEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("test", Map.of("DOTENV_DIR", directory.toString())));
        return environment;
    }

    private static void process(ConfigurableEnvironment environment) {
        new DotenvPostProcessor().postProcessEnvironment(environment, new SpringApplication());
    }
}
