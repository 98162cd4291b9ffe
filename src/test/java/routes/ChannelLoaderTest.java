package routes;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import logaggregator.alert.SecretMask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ChannelLoaderTest extends RouteTest {

    @TempDir
    private Path folder;

    private ChannelLoader loader;

    ChannelLoaderTest() {
        super(new ErrorPolicies());
        bind("channelTriesAgain", ErrorPolicies.channelTriesAgain());
        bind("storeTrouble", (org.apache.camel.Processor) exchange -> {});
        bind("good", new Object());
    }

    @BeforeEach
    void follow_a_folder() {
        SecretMask secrets = SecretMask.of(Map.of());
        loader = new ChannelLoader(
                context(),
                new ChannelFolder(folder),
                new TrialContext(Map.of("routes.allowed-schemes", "*")::get, ChannelLoaderTest::bean, secrets),
                secrets,
                new ChannelTraffic(),
                Clock.systemUTC());
        loader.scan();
    }

    private static Object bean(String name) {
        if (name.equals("broken")) {
            throw new NoClassDefFoundError("some/Missing");
        }
        return new Object();
    }

    private void write(String name, String bean) throws IOException {
        Files.writeString(folder.resolve("notify-" + name + ".camel.yaml"), """
                - route:
                    id: notify-NAME
                    group: notify
                    from:
                      uri: direct:notify-NAME
                      steps:
                        - bean:
                            ref: BEAN
                            method: toString
                """.replace("NAME", name)
                .replace("BEAN", bean));
    }

    /** Two seconds, then, and two more at most for what is under way: a change is to count within five. */
    @Test
    void a_change_counts_at_the_second_look_and_there_is_one_each_second() throws Exception {
        assertThat(AllRoutes.inJava("api")
                        .getRouteDefinition("load-channels")
                        .getInput()
                        .getUri())
                .contains("1s");
        write("a", "good");
        loader.scan();
        assertThat(loader.files()).isEmpty();
        loader.scan();
        assertThat(context().getRoutesByGroup("notify")).hasSize(1);

        Files.delete(folder.resolve("notify-a.camel.yaml"));
        loader.scan();
        assertThat(context().getRoutesByGroup("notify")).hasSize(1);
        loader.scan();
        assertThat(context().getRoutesByGroup("notify")).isEmpty();
    }

    @Test
    void tells_which_version_of_a_file_is_in_use() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(ChannelLoader.class);
        ListAppender<ILoggingEvent> told = new ListAppender<>();
        told.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(told);
        try {
            write("a", "good");
            loader.scan();
            loader.scan();
        } finally {
            logger.detachAppender(told);
            logger.setLevel(null);
        }

        byte[] file = Files.readAllBytes(folder.resolve("notify-a.camel.yaml"));
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
        assertThat(told.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("channels of notify-a.camel.yaml are in use: [notify-a], SHA-256 " + hash);
    }

    @Test
    void a_folder_that_everybody_may_write_is_not_read() throws IOException {
        write("a", "good");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        loader.scan();
        loader.scan();

        assertThat(loader.fault()).contains("chmod o-w");
        assertThat(context().getRoutesByGroup("notify")).isEmpty();

        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        loader.scan();
        loader.scan();
        assertThat(loader.fault()).isNull();
        assertThat(context().getRoutesByGroup("notify")).hasSize(1);
    }

    @Test
    void a_file_that_lets_the_program_fail_is_refused_and_the_others_are_followed() throws IOException {
        write("a", "good");
        write("b", "broken");
        write("c", "good");
        loader.scan();
        loader.scan();

        assertThat(loader.files())
                .filteredOn(file -> file.error() != null)
                .extracting(ChannelLoader.FileState::file)
                .containsExactly("notify-b.camel.yaml");
        assertThat(loader.fault()).contains("notify-b.camel.yaml").contains("some/Missing");
        assertThat(context().getRoutesByGroup("notify")).hasSize(2);

        write("b", "good");
        Files.delete(folder.resolve("notify-c.camel.yaml"));
        loader.scan();
        loader.scan();
        assertThat(loader.fault()).isNull();
        assertThat(context().getRoutesByGroup("notify"))
                .extracting(org.apache.camel.Route::getRouteId)
                .containsExactlyInAnyOrder("notify-a", "notify-b");
    }
}
