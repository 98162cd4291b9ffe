package logaggregator.store.postgres;

import com.zaxxer.hikari.HikariDataSource;
import java.util.concurrent.CompletableFuture;
import logaggregator.support.Breakpoint;
import logaggregator.support.Eventually;
import logaggregator.support.Servers;
import logaggregator.support.TcpProxy;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

class ConnectionPoolIT {

    @Test
    void a_pool_whose_first_connection_breaks_while_it_is_set_up_works_all_the_same() {
        DatabaseSettings settings = new DatabaseSettings("", 2, 10);
        try (TcpProxy proxy = new TcpProxy(Servers.postgres().port());
                HikariDataSource pool = new PostgresConfiguration()
                        .dataSource(
                                DatabaseUrl.parse("postgresql://postgres@127.0.0.1:" + proxy.port() + "/postgres"),
                                settings)) {
            Breakpoint setUp = proxy.breakAt(Breakpoint.Where.BEFORE, "ISOLATION LEVEL");
            JdbcTemplate database = new JdbcTemplate(pool);
            CompletableFuture<Integer> first =
                    CompletableFuture.supplyAsync(() -> database.queryForObject("SELECT 1", Integer.class));
            setUp.await();
            setUp.cut();
            first.exceptionally(failure -> 0).join();

            Eventually.holds(() -> answers(database));
        }
    }

    private static boolean answers(JdbcTemplate database) {
        try {
            return database.queryForObject("SELECT 2", Integer.class) == 2;
        } catch (DataAccessException e) {
            return false;
        }
    }
}
