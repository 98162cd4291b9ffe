package routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelFolderTest {

    private static final String FILE = "notify-a.camel.yaml";

    @TempDir
    Path path;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(path.resolve(FILE), "[]");
    }

    private void letEverybodyWrite(Path what) throws IOException {
        Files.setPosixFilePermissions(what, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @Test
    void what_everybody_may_write_is_refused() throws IOException {
        ChannelFolder folder = new ChannelFolder(path);
        assertThat(folder.read().texts()).containsKey(FILE);

        letEverybodyWrite(path.resolve(FILE));
        assertThat(folder.read().unreadable()).containsKey(FILE);
        letEverybodyWrite(path);
        assertThatThrownBy(folder::read).isInstanceOf(IOException.class).hasMessageContaining("chmod");
    }

    @Test
    void what_is_mounted_so_that_nobody_can_write_it_is_not() throws IOException {
        letEverybodyWrite(path.resolve(FILE));
        letEverybodyWrite(path);

        assertThat(
                        new ChannelFolder(path) {
                            @Override
                            boolean isReadOnly(Path file) {
                                return true;
                            }
                        }.read().texts())
                .containsKey(FILE);
    }
}
