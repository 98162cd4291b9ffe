package logaggregator.security;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import logaggregator.settings.InvalidSettingException;
import org.apache.catalina.util.NetMask;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Where requests come from: what proxies say is believed of TRUSTED_PROXIES only. Thread-safe. */
@Component
class ClientAddresses {

    /** So much of an IPv6 address is one customer's. */
    private static final int IPV6_NETWORK_BYTES = 8;

    /** No names: nothing is looked up. */
    private static final Pattern NUMERIC = Pattern.compile("[0-9.]+|\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*]?");

    private final List<NetMask> trusted;

    ClientAddresses(@Value("${security.trusted-proxies}") String trustedProxies) {
        this.trusted = networks(trustedProxies);
    }

    /** @throws InvalidSettingException when one isn't a network */
    static List<NetMask> networks(String trustedProxies) {
        return Arrays.stream(trustedProxies.split(",", -1))
                .map(String::strip)
                .filter(network -> !network.isEmpty())
                .map(ClientAddresses::network)
                .toList();
    }

    private static NetMask network(String text) {
        try {
            if (NUMERIC.matcher(text.replaceFirst("/\\d+$", "")).matches()) {
                return new NetMask(text);
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new InvalidSettingException(
                "TRUSTED_PROXIES", "must hold addresses or networks with commas, e.g. 10.0.0.0/8,::1");
    }

    /** The address of a client, or its network where one client has many addresses. */
    String of(HttpServletRequest request) {
        InetAddress direct = parse(request.getRemoteAddr());
        return direct == null ? request.getRemoteAddr() : name(original(request, direct));
    }

    /** Whether it came to us, or to a proxy that we believe, encrypted. */
    boolean isSecure(HttpServletRequest request) {
        InetAddress direct = parse(request.getRemoteAddr());
        return request.isSecure()
                || direct != null
                        && isTrusted(direct)
                        && "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto"));
    }

    /** Each proxy adds whom it was called by at the end: the last one that isn't a trusted proxy is the client. */
    private InetAddress original(HttpServletRequest request, InetAddress direct) {
        InetAddress client = direct;
        List<String> hops = isTrusted(direct) ? hops(request) : List.of();
        for (int i = hops.size() - 1; i >= 0 && isTrusted(client); i--) {
            InetAddress hop = parse(hops.get(i));
            if (hop == null) {
                break;
            }
            client = hop;
        }
        return client;
    }

    private static List<String> hops(HttpServletRequest request) {
        String all =
                Collections.list(request.getHeaders("X-Forwarded-For")).stream().collect(Collectors.joining(","));
        return new ArrayList<>(Arrays.asList(all.split(",", -1)));
    }

    private boolean isTrusted(InetAddress address) {
        return trusted.stream().anyMatch(network -> network.matches(address));
    }

    private static @Nullable InetAddress parse(String text) {
        try {
            String address = text.strip();
            return NUMERIC.matcher(address).matches() ? InetAddress.getByName(address) : null;
        } catch (java.net.UnknownHostException e) {
            return null;
        }
    }

    private static String name(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length > IPV6_NETWORK_BYTES) {
            Arrays.fill(bytes, IPV6_NETWORK_BYTES, bytes.length, (byte) 0);
        }
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("it was an address before", e);
        }
    }
}
