package logaggregator.store.postgres;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import logaggregator.settings.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the URLs that PostgreSQL's own tools take, {@code postgresql://user:password@host:port/database?option=value},
 * and JDBC's. Options in libpq's names become those of the driver.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS">libpq: URIs</a>
 */
final class DatabaseUrl {

    private static final String SETTING = "DATABASE_URL";

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

    private DatabaseUrl() {}

    /** @throws InvalidSettingException when it can't be read; the message holds no part of the URL */
    static DatabaseLocation parse(String url) {
        URI uri = toUri(url.strip());
        if (uri.getHost() == null) {
            throw new InvalidSettingException(
                    SETTING, "names no host; expected postgresql://user:password@host:port/database");
        }
        String database = uri.getRawPath() == null ? "" : uri.getRawPath().replaceFirst("^/", "");
        int port = uri.getPort() < 0 ? 5432 : uri.getPort();
        if (port == 0 || port > 65_535) {
            throw new InvalidSettingException(SETTING, "has a port that is not between 1 and 65535");
        }
        Properties properties = new Properties();
        addCredentials(uri.getRawUserInfo(), properties);
        addOptions(uri.getRawQuery(), properties);
        if (uri.getHost().contains("-pooler.")) {
            // PgBouncer hands each transaction to another session: no prepared statements
            properties.setProperty("prepareThreshold", "0");
        }
        String name = database.isEmpty() ? properties.getProperty("user", "postgres") : database;
        return new DatabaseLocation("jdbc:postgresql://" + uri.getHost() + ":" + port + "/" + name, properties);
    }

    private static URI toUri(String url) {
        String plain = url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url;
        // postgresql+psycopg2://, as SQLAlchemy writes it
        String normal = plain.replaceFirst("^postgres(ql)?(\\+\\w+)?://", "postgresql://");
        if (!normal.startsWith("postgresql://")) {
            throw new InvalidSettingException(SETTING, "must begin with postgresql://");
        }
        try {
            return new URI(normal);
        } catch (URISyntaxException e) {
            // the exception would show the password
            throw new InvalidSettingException(
                    SETTING, "is not a URL: write special characters of user and password as %XX");
        }
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

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingException(SETTING, "has a % that is not followed by two hexadecimal digits");
        }
    }
}
