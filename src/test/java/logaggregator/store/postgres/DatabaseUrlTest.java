package logaggregator.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Properties;
import logaggregator.settings.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

class DatabaseUrlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://me:pw@db:5433/logs",
                "postgres://me:pw@db:5433/logs",
                "postgresql+psycopg2://me:pw@db:5433/logs",
                "postgresql+asyncpg://me:pw@db:5433/logs",
                "jdbc:postgresql://me:pw@db:5433/logs",
                "jdbc:postgresql://db:5433/logs?user=me&password=pw",
                "  postgresql://me:pw@db:5433/logs\n"
            })
    void reads_the_schemes_people_use(String url) {
        DatabaseLocation location = DatabaseUrl.parse(url);

        assertThat(location.jdbcUrl()).isEqualTo("jdbc:postgresql://db:5433/logs");
        assertThat(location.properties()).containsEntry("user", "me").containsEntry("password", "pw");
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://me@db/logs, db, 5432, logs",
        "postgresql://me@10.0.0.1:6543/logs, 10.0.0.1, 6543, logs",
        "postgresql://me@[::1]:5433/logs, [::1], 5433, logs",
        "postgresql://me@[2001:db8::7]/logs, [2001:db8::7], 5432, logs",
        "postgresql://me@db, db, 5432, me",
        "postgresql://me@db/, db, 5432, me",
        "postgresql://db, db, 5432, postgres",
        "postgresql://me@log_db/logs, log_db, 5432, logs",
        "postgresql://me@db/my%20logs, db, 5432, my logs",
        "postgresql://me+logs@db, db, 5432, me+logs"
    })
    void the_driver_understands_host_port_and_database(String url, String host, String port, String database) {
        Properties understood = understoodByDriver(DatabaseUrl.parse(url));

        assertThat(PGProperty.PG_HOST.getOrDefault(understood)).isEqualTo(host);
        assertThat(PGProperty.PG_PORT.getOrDefault(understood)).isEqualTo(port);
        assertThat(PGProperty.PG_DBNAME.getOrDefault(understood)).isEqualTo(database);
    }

    @ParameterizedTest
    @CsvSource({
        "me:p%40ss%2Fw%3Ard%25, me, p@ss/w:rd%",
        "me:a+b, me, a+b",
        "me%40corp:x, me@corp, x",
        "me:a:b, me, a:b",
        "me:%C3%A9, me, \u00e9",
        "'me:', me, ''"
    })
    void decodes_user_and_password(String userInfo, String user, String password) {
        assertThat(DatabaseUrl.parse("postgresql://" + userInfo + "@db/logs").properties())
                .containsEntry("user", user)
                .containsEntry("password", password);
    }

    @ParameterizedTest
    @CsvSource({
        "sslmode=require, sslmode, require",
        "sslmode=require&channel_binding=require, channelBinding, require",
        "connect_timeout=7, connectTimeout, 7",
        "application_name=log%20aggregator, ApplicationName, log aggregator",
        "target_session_attrs=read-write, targetServerType, primary",
        "target_session_attrs=primary, targetServerType, primary",
        "target_session_attrs=standby, targetServerType, secondary",
        "target_session_attrs=prefer-standby, targetServerType, preferSecondary",
        "target_session_attrs=any, targetServerType, any",
        "options=-c%20search_path%3Dlogs, options, -c search_path=logs",
        "prepareThreshold=3, prepareThreshold, 3"
    })
    void gives_options_the_names_of_the_driver(String query, String name, String value) {
        DatabaseLocation location = DatabaseUrl.parse("postgresql://me:pw@db/logs?" + query);

        assertThat(location.properties()).containsEntry(name, value);
        assertThat(location.jdbcUrl()).doesNotContain("?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify-ca", "verify-full"})
    void a_certificate_is_verified_as_the_jvm_does_unless_another_way_is_named(String mode) {
        String url = "postgresql://me:pw@db/logs?sslmode=" + mode;

        assertThat(DatabaseUrl.parse(url).properties())
                .containsEntry("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        assertThat(DatabaseUrl.parse(url + "&sslrootcert=/ca.crt").properties()).doesNotContainKey("sslfactory");
        assertThat(DatabaseUrl.parse(url + "&sslcert=/me.crt&sslkey=/me.pk8").properties())
                .doesNotContainKey("sslfactory");
        assertThat(DatabaseUrl.parse(url + "&sslfactory=com.example.Mine").properties())
                .containsEntry("sslfactory", "com.example.Mine");
        assertThat(DatabaseUrl.parse("postgresql://db/logs?sslmode=require").properties())
                .doesNotContainKey("sslfactory");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgresql://me:pw@h1:5433,h2/logs | h1,h2 | 5433,5432",
                "postgresql://me:pw@h1,h_2:6000,10.0.0.3/logs | h1,h_2,10.0.0.3 | 5432,6000,5432",
                "postgresql://me:pw@[::1]:5433,[2001:db8::7],h3/logs | [::1],[2001:db8::7],h3 | 5433,5432,5432",
                "jdbc:postgresql://h1,h2/logs?user=me&password=pw | h1,h2 | 5432,5432"
            })
    void of_several_hosts_the_primary_is_used(String url, String hosts, String ports) {
        Properties understood = understoodByDriver(DatabaseUrl.parse(url));

        assertThat(PGProperty.PG_HOST.getOrDefault(understood)).isEqualTo(hosts);
        assertThat(PGProperty.PG_PORT.getOrDefault(understood)).isEqualTo(ports);
        assertThat(PGProperty.PG_DBNAME.getOrDefault(understood)).isEqualTo("logs");
        assertThat(PGProperty.TARGET_SERVER_TYPE.getOrDefault(understood)).isEqualTo("primary");
    }

    @Test
    void another_kind_of_server_can_be_asked_for() {
        assertThat(DatabaseUrl.parse("postgresql://h1,h2/logs?target_session_attrs=any")
                        .properties())
                .containsEntry("targetServerType", "any");
        assertThat(DatabaseUrl.parse("postgresql://h1/logs").properties()).doesNotContainKey("targetServerType");
    }

    @Test
    void prepares_no_statements_behind_a_pooler() {
        assertThat(DatabaseUrl.parse("postgresql://me:pw@ep-x-pooler.eu.neon.tech/logs")
                        .properties())
                .containsEntry("prepareThreshold", "0");
        assertThat(DatabaseUrl.parse("postgresql://me:pw@ep-x.eu.neon.tech/logs")
                        .properties())
                .doesNotContainKey("prepareThreshold");
    }

    @Test
    void shows_neither_user_nor_password() {
        DatabaseLocation location = DatabaseUrl.parse("postgresql://me:s3cret@db/logs?password=s3cret");

        assertThat(location.display()).isEqualTo("db:5432/logs");
        assertThat(location.toString()).doesNotContain("s3cret", "me");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "db:5432/logs",
                "mysql://me:s3cret@db/logs",
                "jdbc:mysql://me:s3cret@db/logs",
                "me:s3cret@db/logs",
                "postgresql://",
                "postgresql:///logs",
                "postgresql://me:s3cret@/logs",
                "postgresql://me:s3cret@db:0/logs",
                "postgresql://me:s3cret@db:65536/logs",
                "postgresql://me:s3cret@db:port/logs",
                "postgresql://me:s3cret@h1,/logs",
                "postgresql://me:s3cret@,h2/logs",
                "postgresql://me:s3cret@h1,,h2/logs",
                "postgresql://me:s3cret@h1:5432,h2:0/logs",
                "postgresql://me:s3cret@h1,[::1/logs",
                "postgresql://me:s3cret@1,2,3,4,5,6,7,8,9/logs",
                "postgresql://me:s3cret@h 1/logs",
                "postgresql://me:s3cret^@db/logs",
                "postgresql://me:s3cret|x y@db/logs",
                "postgresql://me:s3cret%zz@db/logs",
                "postgresql://me:s3cret%@db/logs",
                "postgresql://me:s3cret@db/logs?x=%zz"
            })
    void an_error_names_the_setting_and_never_the_password(String url) {
        InvalidSettingException error =
                catchThrowableOfType(InvalidSettingException.class, () -> DatabaseUrl.parse(url));

        assertThat(error).hasMessageStartingWith("DATABASE_URL ");
        assertThat(stackTrace(error)).doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"postgresql://me:12#34@db/logs", "postgresql://me:12?34@db/logs", "postgresql://me:12/34@db/logs"
            })
    void never_takes_a_part_of_the_password_for_host_or_port(String url) {
        InvalidSettingException error =
                catchThrowableOfType(InvalidSettingException.class, () -> DatabaseUrl.parse(url));

        assertThat(error).hasMessageStartingWith("DATABASE_URL ");
    }

    private static Properties understoodByDriver(DatabaseLocation location) {
        return Driver.parseURL(location.jdbcUrl(), location.properties());
    }

    private static String stackTrace(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
