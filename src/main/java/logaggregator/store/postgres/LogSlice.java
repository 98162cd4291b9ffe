package logaggregator.store.postgres;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.springframework.jdbc.core.JdbcTemplate;

/** The logs of one application on one day, to be deleted a few thousand at a time. */
record LogSlice(int appId, LocalDate day) {

    /** So that no transaction takes long. */
    static final int MAX_ROWS = 10_000;

    /** Takes what the common table expression {@code gone} has deleted off the numbers. */
    static final String COUNT_GONE = "INSERT INTO count_deltas (start, app_id, level, service, n)"
            + " SELECT date_bin(make_interval(secs => " + CountSource.INTERVAL.toSeconds() + "), timestamp, 'epoch'),"
            + " app_id, level, service, -count(*) FROM gone GROUP BY 1, 2, 3, 4";

    private static final DateTimeFormatter PARTITION_DAY = DateTimeFormatter.BASIC_ISO_DATE;

    static String partition(LocalDate day) {
        return "logs_" + PARTITION_DAY.format(day);
    }

    /** Deletes some of them, in the transaction of the calling thread; returns how many. */
    int delete(JdbcTemplate jdbc) {
        // who drops a day must not wait for us when all others wait for it already
        jdbc.execute("LOCK TABLE ONLY logs IN ACCESS SHARE MODE");
        String wanted = partition(day);
        String partition = exists(jdbc, wanted) ? wanted : "logs_default";
        Integer deleted = jdbc.queryForObject(
                "WITH gone AS (DELETE FROM " + partition + " WHERE ctid = ANY (ARRAY(SELECT ctid FROM " + partition
                        + " WHERE app_id = ? AND timestamp >= ? AND timestamp < ? LIMIT " + MAX_ROWS + "))"
                        + " RETURNING timestamp, app_id, level, service), counted AS (" + COUNT_GONE + ")"
                        + " SELECT count(*) FROM gone",
                Integer.class,
                appId,
                day.atStartOfDay().atOffset(ZoneOffset.UTC),
                day.plusDays(1).atStartOfDay().atOffset(ZoneOffset.UTC));
        return deleted == null ? 0 : deleted;
    }

    static boolean exists(JdbcTemplate jdbc, String partition) {
        return Boolean.TRUE.equals(jdbc.queryForObject("SELECT to_regclass(?) IS NOT NULL", Boolean.class, partition));
    }
}
