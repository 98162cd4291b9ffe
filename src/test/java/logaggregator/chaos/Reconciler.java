package logaggregator.chaos;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import logaggregator.support.Api;

/** Looks where each number has got to, when nothing is on its way any more. */
final class Reconciler {

    private static final int PAGE = 1_000;
    private static final int FETCH = 10_000;
    private static final int MAX_LISTED = 200;

    private final Cluster cluster;
    private final Ledger ledger;
    private final Api api;
    private final Map<String, Integer> reasons = new TreeMap<>();
    private List<String> findings = new ArrayList<>();
    private long findingCount;

    Reconciler(Cluster cluster, Ledger ledger) {
        this.cluster = cluster;
        this.ledger = ledger;
        this.api = new Api(cluster.nodes().get(0).app().port());
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

    /** How many dead letters the service should have counted: those that are there and those that were discarded. */
    long deadLetters() {
        return IntStream.range(0, ledger.size())
                .mapToLong(number -> ledger.letters(number) + (ledger.isDiscarded(number) ? 1 : 0))
                .sum();
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
        if (number < 0
                || number >= ledger.size()
                || !ledger.kind(number).isStorable()
                || !app.equals(ledger.kind(number).app(number))) {
            find("A ROW NOBODY SENT " + app + " " + message);
        } else {
            ledger.addRow(number);
        }
    }

    /** As operators see them. */
    private void readLetters() {
        Set<String> keys = new HashSet<>();
        Optional<String> before = Optional.of("");
        while (before.isPresent()) {
            LetterPage page = LetterPage.of(api.get("/api/v1/dlq/?limit=" + PAGE + before.get()));
            page.letters().stream()
                    .filter(letter -> keys.add(letter.key()))
                    .forEach(letter -> letter(letter.data(), letter.reason()));
            before = page.next();
        }
    }

    private void letter(String data, String reason) {
        reasons.merge(reason, 1, Integer::sum);
        int number = NumberedRecord.numberIn(data);
        if (number < 0 || number >= ledger.size()) {
            find("A DEAD LETTER NOBODY SENT " + data);
        } else if (!data.equals(ledger.kind(number).json(number))) {
            find("A DEAD LETTER WITH ANOTHER PAYLOAD " + data);
        } else if (ledger.kind(number).isAlwaysStorable() && !reason.equals("crash")) {
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
