package logaggregator.security;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import logaggregator.settings.InvalidSettingException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.autoconfigure.web.ServerProperties;

/** Where the two servers of a process are to listen. */
final class ListenAddress {

    private static final int NOWHERE = -1;
    private static final int LAST_PORT = 65_535;

    private ListenAddress() {}

    /** @throws InvalidSettingException when it can't listen there, whoever else does */
    static void check(ServerProperties server) {
        checkPort("PORT", server.getPort());
        checkAddress("BIND_ADDRESS", server.getAddress());
    }

    /** @throws InvalidSettingException when it can't listen there, whoever else does */
    static void check(ManagementServerProperties server) {
        if (isUsed(server)) {
            checkPort("MANAGEMENT_PORT", server.getPort());
            checkAddress("MANAGEMENT_ADDRESS", server.getAddress());
        }
    }

    static boolean isUsed(ManagementServerProperties server) {
        Integer port = server.getPort();
        return port == null || port != NOWHERE;
    }

    private static void checkPort(String setting, @Nullable Integer port) {
        if (port != null && (port < 0 || port > LAST_PORT)) {
            throw new InvalidSettingException(setting, "must be from 1 to " + LAST_PORT);
        }
    }

    /** Listens there for a moment, at any port: only that tells for certain. */
    private static void checkAddress(String setting, @Nullable InetAddress address) {
        try (ServerSocket socket = new ServerSocket(0, 1, address)) {
            socket.getLocalPort();
        } catch (IOException e) {
            throw new InvalidSettingException(setting, "is not an address of this machine");
        }
    }
}
