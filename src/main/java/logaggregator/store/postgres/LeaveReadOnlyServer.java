package logaggregator.store.postgres;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Has the pool give up its connections once a server takes no writes any more, because another is the primary now: the
 * next connections may lead there. The pool by itself gives up those that broke.
 */
final class LeaveReadOnlyServer implements SQLExceptionOverride {

    private static final String READ_ONLY_TRANSACTION = "25006";

    private final HikariDataSource pool;

    LeaveReadOnlyServer(HikariDataSource pool) {
        this.pool = pool;
    }

    @java.lang.Override
    public Override adjudicate(SQLException failure) {
        if (!READ_ONLY_TRANSACTION.equals(failure.getSQLState())) {
            return Override.CONTINUE_EVICT;
        }
        pool.getHikariPoolMXBean().softEvictConnections();
        return Override.MUST_EVICT;
    }
}
