package logaggregator.security;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names under which this machine is asked by itself. A page of somebody else can have its own name lead here, and is
 * then allowed by the browser to read all answers; but not to say another name than its own. Immutable.
 */
final class HostNames {

    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-f:.]+]|[^:\\[\\]]+)(?::[0-9]*)?");

    private final Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));

    /** @param publicUrl where people reach the service, e.g. through a proxy; or empty */
    HostNames(@Nullable InetAddress address, String publicUrl) {
        if (address != null) {
            names.add(address.getHostAddress());
        }
        String publicHost =
                name(publicUrl.strip().replaceFirst("^https?://", "").replaceFirst("[/?#].*", ""));
        if (publicHost != null) {
            names.add(publicHost);
        }
    }

    /** @param header {@code Host}, with any port; null when there is none */
    boolean contain(@Nullable String header) {
        String name = header == null ? null : name(header.strip());
        return name != null && names.contains(name);
    }

    private static @Nullable String name(String host) {
        Matcher matcher = HOST.matcher(host.toLowerCase(Locale.ROOT));
        return matcher.matches() ? matcher.group(1) : null;
    }
}
