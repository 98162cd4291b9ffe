package logaggregator.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** A certificate that signs itself, with its key, in the forms that servers and clients want. */
public final class Certificate {

    private static final String PASSWORD = "changeit";

    private final Path directory;
    private final KeyStore store;

    /**
     * For 127.0.0.1.
     *
     * @param directory a new one
     */
    public Certificate(Path directory) {
        this(directory, "ip:127.0.0.1,dns:localhost");
    }

    /**
     * @param directory a new one
     * @param names of servers, as {@code keytool} takes them
     */
    public Certificate(Path directory, String names) {
        this.directory = directory;
        Path file = directory.resolve("store.p12");
        Process keytool = Processes.start(
                directory.resolve("keytool.log"),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "server",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=" + names,
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD));
        if (Processes.await(keytool) != 0) {
            throw new IllegalStateException("keytool failed, see " + directory);
        }
        try (InputStream bytes = Files.newInputStream(file)) {
            store = KeyStore.getInstance("PKCS12");
            store.load(bytes, PASSWORD.toCharArray());
            write("cert.pem", "CERTIFICATE", store.getCertificate("server").getEncoded());
            write(
                    "key.pem",
                    "PRIVATE KEY",
                    store.getKey("server", PASSWORD.toCharArray()).getEncoded());
            try (OutputStream trusted = Files.newOutputStream(directory.resolve("trusted.p12"))) {
                trusted().store(trusted, PASSWORD.toCharArray());
            }
            Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString("rw-------"));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(String name, String kind, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(
                directory.resolve(name), "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }

    public Path certificate() {
        return directory.resolve("cert.pem");
    }

    public Path key() {
        return directory.resolve("key.pem");
    }

    /** Options of a JVM that trusts it. */
    public String trustOptions() {
        return "-Djavax.net.ssl.trustStore=" + directory.resolve("trusted.p12") + " -Djavax.net.ssl.trustStorePassword="
                + PASSWORD + " -Djavax.net.ssl.trustStoreType=PKCS12";
    }

    /** What somebody trusts who trusts it. */
    public KeyStore trusted() {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("server", store.getCertificate("server"));
            return trusted;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
