package logaggregator.store.postgres;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import logaggregator.settings.InvalidSettingException;
import org.jspecify.annotations.Nullable;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/**
 * Reads the URLs that PostgreSQL's own tools take, {@code postgresql://user:password@host:port/database?option=value},
 * and JDBC's. Options in libpq's names become those of the driver. Of several hosts, divided by commas, the one that takes
 * writes is used.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS">libpq: URIs</a>
 */
final class DatabaseUrl {

    private static final String SETTING = "DATABASE_URL";

    private static final int DEFAULT_PORT = 5432;
    private static final int MAX_PORT = 65_535;

    /** Each that is away costs a connection the time of an attempt. */
    private static final int MAX_HOSTS = 8;

    private static final String SCHEME = "postgresql://";

    /** java.net.URI knows no host with an underscore, as services of Docker Compose often have, and no list of them. */
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[\\p{L}\\p{N}._-]+)(?::([0-9]{0,6}))?");

    private static final Pattern AUTHORITY = Pattern.compile("^" + SCHEME + "([^/?#]*)");

    private static final Map<String, String> DRIVER_NAMES = Map.of(
            "application_name", "ApplicationName",
            "channel_binding", "channelBinding",
            "connect_timeout", "connectTimeout",
            "gssencmode", "gssEncMode",
            "keepalives", "tcpKeepAlive",
            "sslnegotiation", "sslNegotiation",
            "target_session_attrs", "targetServerType");

    private static final Map<String, String> SESSION_ATTRIBUTES = Map.of(
            "read-write", "primary", "primary", "primary", "standby", "secondary", "prefer-standby", "preferSecondary");

    private static final Set<String> VERIFYING = Set.of("verify-ca", "verify-full");

    private DatabaseUrl() {}

    /**
     * Reads a URL.
     *
     * @throws InvalidSettingException when it can't be read; the message holds no part of the URL
     */
    static DatabaseLocation parse(String url) {
        String normal = normal(url.strip());
        Matcher authority = AUTHORITY.matcher(normal);
        if (!authority.find()) {
            throw new InvalidSettingException(SETTING, "must begin with " + SCHEME);
        }
        int at = authority.group(1).lastIndexOf('@');
        String credentials = authority.group(1).substring(0, at + 1);
        URI uri = toUri(SCHEME + credentials + "host" + normal.substring(authority.end()));
        String[] hosts = authority.group(1).substring(at + 1).split(",", -1);
        if (hosts.length > MAX_HOSTS) {
            throw new InvalidSettingException(SETTING, "names more than " + MAX_HOSTS + " hosts");
        }
        Properties properties = new Properties();
        if (hosts.length > 1) {
            properties.setProperty("targetServerType", "primary");
        }
        addCredentials(at < 0 ? null : credentials.substring(0, at), properties);
        addOptions(uri.getRawQuery(), properties);
        trustAsTheJvm(properties);
        String servers = Stream.of(hosts).map(DatabaseUrl::server).collect(Collectors.joining(","));
        if (servers.contains("-pooler.")) {
            // PgBouncer hands each transaction to another session: no prepared statements
            properties.setProperty("prepareThreshold", "0");
        }
        return new DatabaseLocation("jdbc:" + SCHEME + servers + "/" + database(uri, properties), properties);
    }

    private static String server(String hostAndPort) {
        Matcher server = HOST_AND_PORT.matcher(hostAndPort);
        if (!server.matches()) {
            throw new InvalidSettingException(
                    SETTING, "names no host; expected postgresql://user:password@host:port/database");
        }
        return server.group(1) + ":" + port(server.group(2));
    }

    private static int port(@Nullable String digits) {
        int port = digits == null || digits.isEmpty() ? DEFAULT_PORT : Integer.parseInt(digits);
        if (port < 1 || port > MAX_PORT) {
            throw new InvalidSettingException(SETTING, "has a port that is not between 1 and " + MAX_PORT);
        }
        return port;
    }

    /** As libpq: the user's name when none is given. Encoded as the driver decodes it. */
    private static String database(URI uri, Properties properties) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceFirst("^/", "");
        String name = path.isEmpty() ? properties.getProperty("user", "postgres") : decode(path);
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    private static String normal(String url) {
        String plain = url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url;
        // postgresql+psycopg2://, as SQLAlchemy writes it
        return plain.replaceFirst("^postgres(ql)?(\\+\\w+)?://", SCHEME);
    }

    private static URI toUri(String url) {
        try {
            URI uri = new URI(url);
            boolean cutInThePassword = uri.getRawFragment() != null
                    || String.valueOf(uri.getRawQuery()).contains("@")
                    || String.valueOf(uri.getRawPath()).contains("@");
            if (!cutInThePassword) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // falls through: the exception would show the password
        }
        throw new InvalidSettingException(
                SETTING,
                "is not a URL: write special characters of user and password as %XX, e.g. # as %23 and / as %2F");
    }

    private static void addCredentials(@Nullable String userInfo, Properties properties) {
        if (userInfo != null) {
            int colon = userInfo.indexOf(':');
            properties.setProperty("user", decode(colon < 0 ? userInfo : userInfo.substring(0, colon)));
            if (colon >= 0) {
                properties.setProperty("password", decode(userInfo.substring(colon + 1)));
            }
        }
    }

    private static void addOptions(@Nullable String query, Properties properties) {
        for (String option : query == null ? new String[0] : query.split("&")) {
            int equals = option.indexOf('=');
            if (equals > 0) {
                String name = decode(option.substring(0, equals));
                String value = decode(option.substring(equals + 1));
                properties.setProperty(
                        DRIVER_NAMES.getOrDefault(name, name),
                        name.equals("target_session_attrs") ? SESSION_ATTRIBUTES.getOrDefault(value, "any") : value);
            }
        }
    }

    /** The driver would want a file of authorities in the user's home, which a container doesn't have. */
    private static void trustAsTheJvm(Properties properties) {
        boolean verifies = VERIFYING.contains(properties.getProperty("sslmode", ""));
        if (verifies
                && Stream.of("sslrootcert", "sslfactory", "sslcert", "sslkey").noneMatch(properties::containsKey)) {
            properties.setProperty("sslfactory", DefaultJavaSSLFactory.class.getName());
        }
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingException(SETTING, "has a % that is not followed by two hexadecimal digits");
        }
    }
}
