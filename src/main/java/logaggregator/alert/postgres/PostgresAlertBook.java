package logaggregator.alert.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import logaggregator.UnavailableException;
import logaggregator.alert.AlertBook;
import logaggregator.alert.AlertNotice;
import logaggregator.alert.AlertSettings;
import logaggregator.alert.AlertState;
import logaggregator.alert.ChannelResult;
import logaggregator.alert.PastAlert;
import logaggregator.alert.Silence;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Tables {@code alerts}, {@code alert_history} and {@code alert_silences}. Thread-safe. */
@Component("alertBook")
class PostgresAlertBook implements AlertBook {

    private static final int TIMEOUT_SECONDS = 5;

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String SAVE =
            "INSERT INTO alerts AS a (rule, grouped, severity, channels, count, started_at, ended_at)"
                    + " VALUES (?, ?, ?, ?::text[], ?, ?::timestamptz, ?::timestamptz)"
                    + " ON CONFLICT (rule, grouped) DO UPDATE SET severity = excluded.severity, channels = excluded.channels,"
                    + " count = excluded.count, started_at = excluded.started_at, ended_at = excluded.ended_at";

    private static final String FIRED = "UPDATE alerts SET told = true, fired_at = greatest(fired_at, ?::timestamptz)"
            + " WHERE rule = ? AND grouped = ?";

    /** Even if it holds again meanwhile: who has heard of the end last is to be told. */
    private static final String ENDED = "UPDATE alerts SET told = false WHERE rule = ? AND grouped = ?";

    /** The attempt before, if nobody took it, is the same notice. */
    private static final String NOTE =
            "WITH now (rule, grouped, severity, state, count, started_at, ended_at, fired_at,"
                    + " delivered, message, link, results) AS (VALUES (?, ?, ?, ?, ?, ?::timestamptz, ?::timestamptz,"
                    + " ?::timestamptz, ?, ?, ?, ?::jsonb)),"
                    + " before AS (SELECT h.id, h.delivered FROM alert_history AS h, now WHERE h.rule = now.rule"
                    + " AND h.grouped = now.grouped AND h.state = now.state AND h.started_at = now.started_at"
                    + " ORDER BY h.id DESC LIMIT 1),"
                    + " again AS (UPDATE alert_history AS h SET severity = now.severity, count = now.count, ended_at = now.ended_at,"
                    + " fired_at = now.fired_at, delivered = now.delivered, attempts = h.attempts + 1, message = now.message,"
                    + " link = now.link, results = now.results FROM now, before"
                    + " WHERE h.id = before.id AND NOT before.delivered RETURNING h.id)"
                    + " INSERT INTO alert_history (rule, grouped, severity, state, count, started_at, ended_at, fired_at, delivered,"
                    + " attempts, message, link, results)"
                    + " SELECT rule, grouped, severity, state, count, started_at, ended_at, fired_at, delivered, 1, message, link,"
                    + " results FROM now WHERE NOT EXISTS (SELECT FROM again)";

    private static final String SILENCE = "id, rule, grouped, until, comment, created_at";

    private final JdbcTemplate jdbc;
    private final int historyDays;

    PostgresAlertBook(DataSource dataSource, AlertSettings settings) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.jdbc.setQueryTimeout(TIMEOUT_SECONDS);
        this.historyDays = settings.historyDays();
    }

    @Override
    public List<AlertState> states() {
        return call(() -> jdbc.query(
                "SELECT rule, grouped, severity, channels, count, started_at, ended_at, told, fired_at FROM alerts"
                        + " ORDER BY started_at DESC",
                (row, number) -> new AlertState(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        texts(row.getArray(4)),
                        row.getLong(5),
                        time(row, 6),
                        nullableTime(row, 7),
                        row.getBoolean(8),
                        nullableTime(row, 9))));
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    @Override
    public Instant evaluatedAt() {
        return call(() -> jdbc.query("SELECT evaluated_at FROM alert_evaluation", (row, number) -> time(row, 1)))
                .get(0);
    }

    @Override
    public void save(Collection<AlertState> states, Instant evaluatedAt) {
        // in one order: processes that evaluate at the same time don't wait for each other in a circle
        List<Object[]> rows = states.stream()
                .sorted(Comparator.comparing(AlertState::rule).thenComparing(AlertState::group))
                .map(state -> new Object[] {
                    state.rule(),
                    state.group(),
                    state.severity(),
                    state.channels().toArray(new String[0]),
                    state.count(),
                    sql(state.startedAt()),
                    sql(state.endedAt())
                })
                .toList();
        if (!rows.isEmpty()) {
            call(() -> jdbc.batchUpdate(SAVE, rows));
        }
        call(() -> jdbc.update("UPDATE alert_evaluation SET evaluated_at = ?::timestamptz", sql(evaluatedAt)));
    }

    @Override
    public void close(AlertState state) {
        call(() -> jdbc.update(ENDED, state.rule(), state.group()));
    }

    @Override
    public void record(AlertNotice notice, Instant at, List<ChannelResult> results) {
        boolean delivered = results.stream().anyMatch(ChannelResult::delivered);
        if (delivered && notice.endedAt() == null) {
            call(() -> jdbc.update(FIRED, sql(at), notice.rule(), notice.group()));
        } else if (delivered) {
            call(() -> jdbc.update(ENDED, notice.rule(), notice.group()));
        }
        call(() -> jdbc.update(
                NOTE,
                notice.rule(),
                notice.group(),
                notice.severity(),
                notice.state(),
                notice.count(),
                sql(notice.startedAt()),
                sql(notice.endedAt()),
                sql(at),
                delivered,
                notice.message(),
                notice.link(),
                toJson(results)));
    }

    @Override
    public List<PastAlert> history(int limit) {
        return call(() -> jdbc.query(
                "SELECT id, rule, severity, state, count, grouped, started_at, ended_at, fired_at, delivered, attempts,"
                        + " message, link, results FROM alert_history ORDER BY fired_at DESC, id DESC LIMIT ?",
                (row, number) -> new PastAlert(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getLong(5),
                        row.getString(6),
                        time(row, 7),
                        nullableTime(row, 8),
                        time(row, 9),
                        row.getBoolean(10),
                        row.getInt(11),
                        row.getString(12),
                        row.getString(13),
                        results(row.getString(14))),
                limit));
    }

    @Override
    public List<Silence> silences() {
        return call(() -> jdbc.query(
                "SELECT " + SILENCE + " FROM alert_silences WHERE until > now() ORDER BY id DESC",
                PostgresAlertBook::silence));
    }

    @Override
    public Silence addSilence(@Nullable String rule, @Nullable String group, Instant until, String comment) {
        return call(() -> jdbc.query(
                        "INSERT INTO alert_silences (rule, grouped, until, comment) VALUES (?, ?, ?::timestamptz, ?)"
                                + " RETURNING " + SILENCE,
                        PostgresAlertBook::silence,
                        rule,
                        group,
                        sql(until),
                        comment))
                .get(0);
    }

    @Override
    public @Nullable Silence removeSilence(long id) {
        return call(() -> jdbc.query(
                        "DELETE FROM alert_silences WHERE id = ? RETURNING " + SILENCE, PostgresAlertBook::silence, id))
                .stream()
                .findFirst()
                .orElse(null);
    }

    private static Silence silence(ResultSet row, int number) throws SQLException {
        return new Silence(
                row.getLong(1), row.getString(2), row.getString(3), time(row, 4), row.getString(5), time(row, 6));
    }

    @Override
    public void prune() {
        call(() -> jdbc.update(
                "DELETE FROM alert_history WHERE fired_at < now() - make_interval(days => ?)", historyDays));
        call(() -> jdbc.update("DELETE FROM alert_silences WHERE until < now()"));
        call(() -> jdbc.update("DELETE FROM alerts WHERE NOT told AND ended_at < now() - interval '2 days'"));
    }

    private static Instant time(ResultSet row, int column) throws SQLException {
        return Objects.requireNonNull(nullableTime(row, column));
    }

    private static @Nullable Instant nullableTime(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static @Nullable OffsetDateTime sql(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }

    private static String toJson(List<ChannelResult> results) {
        try {
            return JSON.writeValueAsString(results);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<ChannelResult> results(String json) {
        try {
            return JSON.readValue(json, new TypeReference<List<ChannelResult>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T call(Supplier<T> query) {
        try {
            return query.get();
        } catch (DataAccessException e) {
            // not what the server says: it may quote data
            throw new UnavailableException("PostgreSQL: the book of alerts can't be reached", e);
        }
    }
}
