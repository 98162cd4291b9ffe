package logaggregator.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.springframework.util.DigestUtils;
import org.springframework.util.FileSystemUtils;

/** The programs of PostgreSQL, unpacked from the jar that brings them for this platform. */
public final class PostgresPrograms {

    private static final int ANY_EXECUTE = 0111;

    private final Path directory;

    private PostgresPrograms(Path directory) {
        this.directory = directory;
    }

    /** Unpacks them below {@code parent} unless these very ones are there already. */
    public static PostgresPrograms unpack(Path parent) throws IOException {
        String resource = "postgres-" + platform() + ".txz";
        URL archive = PostgresPrograms.class.getClassLoader().getResource(resource);
        if (archive == null) {
            throw new IOException("no PostgreSQL comes along for this platform");
        }
        Path directory;
        try (InputStream bytes = archive.openStream()) {
            directory = parent.resolve("postgres-program-" + DigestUtils.md5DigestAsHex(bytes));
        }
        if (!Files.exists(directory)) {
            // under another name until it is complete
            Path incomplete = Files.createTempDirectory(parent, "unpacking-");
            try (InputStream bytes = archive.openStream()) {
                unpack(bytes, incomplete);
            }
            try {
                Files.move(incomplete, directory);
            } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
                // another process was faster
                FileSystemUtils.deleteRecursively(incomplete);
            }
        }
        return new PostgresPrograms(directory.resolve("bin"));
    }

    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        return (os.startsWith("mac") ? "darwin" : os) + "-"
                + (arch.equals("aarch64") ? "arm_64" : arch.equals("amd64") ? "x86_64" : arch);
    }

    private static void unpack(InputStream archive, Path directory) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = directory.resolve(entry.getName()).normalize();
                if (!file.startsWith(directory)) {
                    throw new IOException("the archive leads outside of its directory: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                    continue;
                }
                Files.createDirectories(file.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, file);
                    makeExecutable(file, entry);
                }
            }
        }
    }

    private static void makeExecutable(Path file, TarArchiveEntry entry) throws IOException {
        if ((entry.getMode() & ANY_EXECUTE) != 0) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
            Files.setPosixFilePermissions(file, permissions);
        }
    }

    /** Where the programs are. */
    public Path directory() {
        return directory;
    }

    /** Runs a program to its end; what it says goes to {@code output}. A server that it starts goes on running. */
    void run(Path output, String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            // PostgreSQL refuses to run as root; in a namespace of its own it is nobody
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(directory.resolve(program).toString());
        command.addAll(List.of(arguments));
        int status = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException(program + " ended with " + status + ": "
                    + Files.readString(output, UTF_8).strip());
        }
    }
}
