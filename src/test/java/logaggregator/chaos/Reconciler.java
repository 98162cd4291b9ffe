package logaggregator.chaos;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import logaggregator.support.Database;

/** Looks where each number has got to, when nothing is on its way any more. */
final class Reconciler {

    private static final int PAGE = 1_000;
    private static final int FETCH = 10_000;
    private static final int MAX_LISTED = 200;

    private final Cluster cluster;
    private final Ledger ledger;
    private final Map<String, Integer> reasons = new TreeMap<>();
    private List<String> findings = new ArrayList<>();
    private long findingCount;

    Reconciler(Cluster cluster, Ledger ledger) {
        this.cluster = cluster;
        this.ledger = ledger;
    }

    /** @return what is wrong, the first of it in words */
    List<String> reconcile() throws SQLException {
        findings = new ArrayList<>();
        findingCount = 0;
        readRows();
        ledger.forgetLetters();
        reasons.clear();
        readLetters();
        for (int number = 0; number < ledger.size(); number++) {
            if (ledger.isLost(number)) {
                find("LOST " + ledger.describe(number));
            } else if (ledger.isDoubled(number)) {
                find("DOUBLED " + ledger.describe(number));
            }
        }
        if (findingCount > findings.size()) {
            findings.add("and " + (findingCount - findings.size()) + " more");
        }
        return findings;
    }

    /** How many dead letters there are, by reason. */
    Map<String, Integer> reasons() {
        return reasons;
    }

    /** The rows were counted: makes room for more. */
    void emptyTable() {
        cluster.database().execute("TRUNCATE logs");
    }

    private void readRows() throws SQLException {
        try (Connection connection =
                DriverManager.getConnection(cluster.database().jdbcUrl())) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(FETCH);
                try (ResultSet rows = statement.executeQuery("SELECT message, app FROM logs")) {
                    while (rows.next()) {
                        row(rows.getString(1), rows.getString(2));
                    }
                }
            }
        }
    }

    private void row(String message, String app) {
        int number = message.matches("\\d{1,9}") ? Integer.parseInt(message) : -1;
        if (number < 0 || number >= ledger.size() || !app.equals("chaos") || !isGood(number)) {
            find("A ROW NOBODY SENT " + app + " " + message);
        } else {
            ledger.addRow(number);
        }
    }

    private boolean isGood(int number) {
        return ledger.kind(number) == NumberedRecord.GOOD;
    }

    /** A dead letter may be in the stream and in the table: it is the same one. */
    private void readLetters() throws SQLException {
        BiConsumer<String, String> letter = this::letter;
        Database database = cluster.database();
        if (database.number("SELECT count(*) FROM pg_tables WHERE tablename = 'dead_letters'") == 1) {
            readLetterTable(letter);
        }
        String after = "-";
        for (List<StreamMessage<String, String>> page = page(after); !page.isEmpty(); page = page(after)) {
            page.forEach(message -> letter.accept(
                    message.getBody().getOrDefault("data", ""),
                    message.getBody().getOrDefault("reason", "")));
            after = page.get(page.size() - 1).getId();
        }
    }

    private List<StreamMessage<String, String>> page(String after) {
        Range<String> rest = after.equals("-")
                ? Range.unbounded()
                : Range.from(Range.Boundary.excluding(after), Range.Boundary.unbounded());
        return cluster.redis(commands -> commands.xrange(Cluster.DLQ, rest, Limit.from(PAGE)));
    }

    private void readLetterTable(BiConsumer<String, String> letter) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(cluster.database().jdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT data, reason FROM dead_letters")) {
            while (rows.next()) {
                Object data = rows.getObject(1);
                letter.accept(
                        data instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(data),
                        rows.getString(2));
            }
        }
    }

    private void letter(String data, String reason) {
        reasons.merge(reason, 1, Integer::sum);
        int number = NumberedRecord.numberIn(data);
        if (number < 0 || number >= ledger.size()) {
            find("A DEAD LETTER NOBODY SENT " + data);
        } else if (!data.equals(ledger.kind(number).json(number))) {
            find("A DEAD LETTER WITH ANOTHER PAYLOAD " + data);
        } else if (isGood(number) && !reason.equals("crash")) {
            find("A GOOD RECORD IS A DEAD LETTER, " + reason + ": " + data);
        } else {
            ledger.addLetter(number);
        }
    }

    private void find(String finding) {
        findingCount++;
        if (findings.size() < MAX_LISTED) {
            findings.add(finding);
        }
    }
}
