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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import logaggregator.UnavailableException;
import logaggregator.alert.AlertBook;
import logaggregator.alert.AlertEvent;
import logaggregator.alert.AlertNotice;
import logaggregator.alert.AlertSettings;
import logaggregator.alert.AlertState;
import logaggregator.alert.ChannelResult;
import logaggregator.alert.Measured;
import logaggregator.alert.PastAlert;
import logaggregator.alert.Silence;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Tables {@code alerts}, {@code alert_history} and {@code alert_silences}. Thread-safe. */
@Component("alertBook")
class PostgresAlertBook implements AlertBook {

    private static final int TIMEOUT_SECONDS = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Nothing unless nobody has evaluated meanwhile: who was held up knows only what was. Others may have other rules. */
    private static final String SAVE = """
            WITH evaluation AS (
                UPDATE alert_evaluation SET evaluated_at = ?::timestamptz WHERE evaluated_at = ?::timestamptz
                RETURNING evaluated_at),
            saved AS (
                INSERT INTO alerts AS a (rule, grouped, severity, channels, count, started_at, ended_at, missing_since, owed_until)
                SELECT rule, grouped, severity, channels, count, started_at, ended_at, missing_since, owed_until
                FROM evaluation, jsonb_to_recordset(?::jsonb) AS s(rule text, grouped text, severity text, channels text[],
                    count bigint, started_at timestamptz, ended_at timestamptz, missing_since timestamptz, owed_until timestamptz)
                ON CONFLICT (rule, grouped) DO UPDATE SET severity = excluded.severity, channels = excluded.channels,
                    count = excluded.count, started_at = excluded.started_at, ended_at = excluded.ended_at,
                    missing_since = excluded.missing_since, owed_until = excluded.owed_until)
            SELECT count(*) FROM evaluation""";

    private static final String FIRED = "told = true, fired_at = greatest(least(fired_at, now()), at)";

    /** Even if it holds again meanwhile: who has heard of the end last is to be told. */
    private static final String ENDED = "told = false, owed_until = NULL";

    /** Of two processes the one that is quicker need not be the one that has told what came later. */
    private static final String TOLD =
            "UPDATE alerts SET %s, noted_at = at FROM (VALUES (?::timestamptz)) AS event (at)"
                    + " WHERE rule = ? AND grouped = ? AND (noted_at IS NULL OR noted_at <= at OR noted_at > now())";

    private static final String CLOSE = "UPDATE alerts SET " + ENDED + " WHERE rule = ? AND grouped = ?";

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
                    + " WHERE h.id = before.id AND NOT before.delivered AND h.fired_at <= now.fired_at RETURNING h.id)"
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
    public Instant now() {
        return call(() -> jdbc.query("SELECT now()", (row, number) -> time(row, 1)))
                .get(0);
    }

    @Override
    public List<AlertState> states() {
        return call(() -> jdbc.query(
                "SELECT rule, grouped, severity, channels, count, started_at, ended_at, missing_since, told, fired_at,"
                        + " owed_until"
                        + " FROM alerts ORDER BY started_at DESC",
                (row, number) -> new AlertState(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        texts(row.getArray(4)),
                        row.getLong(5),
                        time(row, 6),
                        nullableTime(row, 7),
                        nullableTime(row, 8),
                        row.getBoolean(9),
                        nullableTime(row, 10),
                        nullableTime(row, 11))));
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    @Override
    public Instant lastEvaluation() {
        return call(() -> jdbc.query("SELECT evaluated_at FROM alert_evaluation", (row, number) -> time(row, 1)))
                .get(0);
    }

    @Override
    public boolean save(Collection<AlertState> states, Measured measured) {
        return call(() -> jdbc.queryForList(
                                SAVE,
                                Integer.class,
                                sql(measured.at()),
                                sql(measured.before()),
                                toJson(states.stream()
                                        .map(PostgresAlertBook::row)
                                        .toList())))
                        .get(0)
                > 0;
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static Map<String, @Nullable Object> row(AlertState state) {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("rule", state.rule());
        row.put("grouped", state.group());
        row.put("severity", state.severity());
        row.put("channels", state.channels());
        row.put("count", state.count());
        row.put("started_at", text(state.startedAt()));
        row.put("ended_at", text(state.endedAt()));
        row.put("missing_since", text(state.missingSince()));
        row.put("owed_until", text(state.owedUntil()));
        return row;
    }

    @Override
    public void close(AlertState state) {
        call(() -> jdbc.update(CLOSE, state.rule(), state.group()));
    }

    @Override
    public void note(AlertEvent event) {
        String sql = TOLD.formatted(event.isFiring() ? FIRED : ENDED);
        call(() -> jdbc.update(sql, sql(event.at()), event.rule().name(), event.group()));
    }

    @Override
    public void record(AlertNotice notice, Instant at, List<ChannelResult> results) {
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
                results.stream().anyMatch(ChannelResult::delivered),
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
                        fromJson(row.getString(14), new TypeReference<List<ChannelResult>>() {})),
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

    private static String toJson(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T fromJson(String json, TypeReference<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T call(Supplier<T> query) {
        try {
            return query.get();
        } catch (DataIntegrityViolationException e) {
            throw new IllegalStateException("PostgreSQL refuses what the book of alerts is to hold", e);
        } catch (DataAccessException e) {
            // not what the server says: it may quote data
            throw new UnavailableException("PostgreSQL: the book of alerts can't be reached", e);
        }
    }
}
