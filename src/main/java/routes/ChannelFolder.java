package routes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The operator's folder of channels. */
class ChannelFolder {

    static final String EXTENSION = ".camel.yaml";

    private static final int MAX_BYTES = 1_048_576;

    private final Path folder;

    ChannelFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * What is there.
     *
     * @param texts by name of the file
     * @param unreadable what is wrong with the others, by name of the file
     */
    record Contents(Map<String, String> texts, Map<String, String> unreadable) {

        Contents() {
            this(new TreeMap<>(), new TreeMap<>());
        }

        boolean has(String file) {
            return texts.containsKey(file) || unreadable.containsKey(file);
        }
    }

    /**
     * Reads all files of channels.
     *
     * @throws IOException if it can't be told what is there; a missing folder is an empty one
     */
    Contents read() throws IOException {
        Contents contents = new Contents();
        if (Files.notExists(folder)) {
            return contents;
        }
        if (isWritableByEverybody(folder)) {
            throw new IOException("everybody on this machine may write into it: take that right away (chmod o-w)");
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(ChannelFolder::isChannelFile).toList()) {
                read(file, contents);
            }
        }
        return contents;
    }

    /** Reads one file. */
    void read(Path file, Contents contents) {
        String name = String.valueOf(file.getFileName());
        try {
            if (isWritableByEverybody(file)) {
                contents.unreadable().put(name, "everybody on this machine may write the file: chmod o-w");
            } else if (Files.size(file) > MAX_BYTES) {
                contents.unreadable().put(name, "the file has more than " + MAX_BYTES + " bytes");
            } else {
                contents.texts().put(name, Files.readString(file));
            }
        } catch (NoSuchFileException deleted) {
            // it was there a moment ago
        } catch (CharacterCodingException e) {
            contents.unreadable().put(name, "the file is not UTF-8");
        } catch (IOException e) {
            contents.unreadable()
                    .put(name, "the file can't be read: " + e.getClass().getSimpleName());
        }
    }

    /** What its route should be called. */
    static String routeId(String file) {
        return file.substring(0, file.length() - EXTENSION.length());
    }

    /** Tells one version of a file from the others, in logs. */
    static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }

    private boolean isWritableByEverybody(Path path) throws IOException {
        PosixFileAttributeView posix = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        return posix != null
                && posix.readAttributes().permissions().contains(PosixFilePermission.OTHERS_WRITE)
                && !isReadOnly(path);
    }

    /** Whether nobody here can write it whatever its permissions say: orchestrators mount what they provide so. */
    boolean isReadOnly(Path path) throws IOException {
        return Files.getFileStore(path).isReadOnly();
    }

    private static boolean isChannelFile(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(EXTENSION) && !name.startsWith(".") && Files.isRegularFile(file);
    }
}
