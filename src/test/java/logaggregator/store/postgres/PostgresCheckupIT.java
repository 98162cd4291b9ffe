package logaggregator.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Properties;
import logaggregator.Checkup.Finding;
import logaggregator.Checkup.Verdict;
import logaggregator.support.Database;
import logaggregator.support.Servers;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/** A database that the service could not use is told before it starts. */
class PostgresCheckupIT {

    private static final String USER = "checkup_user";

    @BeforeAll
    static void createUser() {
        new Database(Servers.postgres()).execute("CREATE ROLE " + USER + " LOGIN");
    }

    @Test
    void of_its_owner_nothing_is_bad() {
        assertThat(bad(database("checkup_own", USER))).isEmpty();
    }

    @Test
    void a_user_that_may_not_make_tables() {
        assertThat(bad(database("checkup_foreign", "postgres"))).containsExactly("its user may not make tables");
    }

    @Test
    void tables_of_another_user() {
        Database database = database("checkup_tables", USER);
        new PostgresSchema(new DatabaseLocation(database.jdbcUrl(), new Properties())).migrate();

        assertThat(bad(database)).containsExactly("its tables belong to another user");
    }

    private static Database database(String name, String owner) {
        new Database(Servers.postgres()).execute("CREATE DATABASE " + name + " OWNER " + owner);
        return new Database(Servers.postgres(), name);
    }

    private static List<String> bad(Database database) {
        String url = database.jdbcUrl().replace("user=postgres", "user=" + USER);
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerSingleton("location", new DatabaseLocation(url, new Properties()));
        return new PostgresCheckup(new DatabaseSettings(url, 4, 10), beans.getBeanProvider(DatabaseLocation.class))
                .look().stream()
                        .filter(finding -> finding.verdict() == Verdict.BAD)
                        .map(Finding::text)
                        .toList();
    }
}
