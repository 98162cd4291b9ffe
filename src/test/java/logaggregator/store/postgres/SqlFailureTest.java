package logaggregator.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EmptySource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlFailureTest {

    @ParameterizedTest
    @ValueSource(strings = {"22001", "22021", "22P05", "23502", "23514", "21000", "54000", "54001"})
    void blames_the_record_for_what_its_data_causes(String state) {
        assertThat(SqlFailure.isRecordsFault(new SQLException("", state))).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @EmptySource
    @ValueSource(
            strings = {"08006", "40001", "40P01", "53100", "57P01", "55P03", "42P01", "25006", "22", "2200", "220011"})
    void blames_the_database_for_everything_else(String state) {
        assertThat(SqlFailure.isRecordsFault(new SQLException("", state))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01", "40003"})
    void knows_a_transaction_that_may_succeed_at_once(String state) {
        assertThat(SqlFailure.isLostToAnother(new IllegalStateException(new SQLException("", state))))
                .isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"40002", "55P03", "57014", "53300", "25006"})
    void does_not_try_at_once_what_needs_time(String state) {
        assertThat(SqlFailure.isLostToAnother(new SQLException("", state))).isFalse();
    }

    @Test
    void describes_without_the_details_that_quote_data() {
        SQLException refused = new SQLException(
                "ERROR: duplicate key value violates unique constraint \"apps_name_key\"\n"
                        + "  Detail: Key (name)=(secret) already exists.",
                "23505");

        assertThat(SqlFailure.describe(refused))
                .isEqualTo("ERROR: duplicate key value violates unique constraint \"apps_name_key\" (SQLSTATE 23505)");
    }

    @Test
    void describes_the_deepest_failure_of_the_database_not_the_statement_around_it() {
        SQLException refused = new SQLException("ERROR: division by zero", "22012");
        Throwable wrapped = new IllegalStateException(
                "StatementCallback; SQL [INSERT secret]",
                new BatchUpdateException("Batch entry 0 INSERT secret was aborted", "22012", new int[0], refused));

        assertThat(SqlFailure.describe(wrapped)).isEqualTo("ERROR: division by zero (SQLSTATE 22012)");
    }

    @Test
    void describes_what_the_driver_says_when_the_network_is_at_the_root() {
        SQLException refused =
                new SQLException("Connection to db:5432 refused.", "08001", new ConnectException("Connection refused"));

        assertThat(SqlFailure.describe(refused)).isEqualTo("Connection to db:5432 refused. (SQLSTATE 08001)");
    }

    @Test
    void describes_failures_without_state_or_message() {
        assertThat(SqlFailure.describe(new SQLException("closed"))).isEqualTo("closed");
        assertThat(SqlFailure.describe(new SQLException(null, "08006"))).endsWith("(SQLSTATE 08006)");
        assertThat(SqlFailure.describe(new IllegalStateException("no transaction")))
                .isEqualTo("no transaction");
    }
}
