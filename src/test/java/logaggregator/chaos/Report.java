package logaggregator.chaos;

import java.util.ArrayList;
import java.util.List;

/** The result as tables in Markdown: a line for each fault and one for all; a line for each round. */
final class Report {

    private final Ledger ledger;
    private final Injector injector;
    private final Load load;
    private final List<Round> rounds = new ArrayList<>();
    private Totals before = new Totals(0, 0, 0, 0, 0, 0, 0);

    Report(Ledger ledger, Injector injector, Load load) {
        this.ledger = ledger;
        this.injector = injector;
        this.load = load;
    }

    /** What was counted up to now. */
    private record Totals(
            int sent, int faults, long ofRequests, long ofNamed, int replayed, int storedAnswers, int receiptsRead) {

        Totals minus(Totals other) {
            return new Totals(
                    sent - other.sent,
                    faults - other.faults,
                    ofRequests - other.ofRequests,
                    ofNamed - other.ofNamed,
                    replayed - other.replayed,
                    storedAnswers - other.storedAnswers,
                    receiptsRead - other.receiptsRead);
        }
    }

    /** One round: the numbers from {@code from} on, and what was counted in it. */
    private record Round(int from, Totals totals, int notStoredYet) {}

    /** What became of some records. */
    private static final class Line {
        private int sent;
        private int accepted;
        private int stored;
        private int landed;
        private int letters;
        private int discarded;
        private int lost;
        private int doubled;

        void add(Ledger ledger, int number) {
            boolean isAccepted = ledger.answer(number) == Ledger.Answer.ACCEPTED;
            sent++;
            accepted += isAccepted ? 1 : 0;
            stored += ledger.rows(number) > 0 ? 1 : 0;
            landed += !isAccepted && ledger.rows(number) > 0 ? 1 : 0;
            letters += ledger.letters(number) > 0 ? 1 : 0;
            discarded += ledger.isDiscarded(number) ? 1 : 0;
            lost += ledger.isLost(number) ? 1 : 0;
            doubled += ledger.isDoubled(number) ? 1 : 0;
        }
    }

    /** Ends a round. */
    void addRound() {
        Totals now = new Totals(
                ledger.size(),
                injector.runs(),
                load.duplicates().ofRequests(),
                load.duplicates().ofNamed(),
                load.operators().replayed(),
                load.storedAnswers(),
                load.receipts().asked());
        rounds.add(new Round(before.sent(), now.minus(before), load.receipts().promised()));
        before = now;
    }

    String tables() {
        return faults() + "\n" + roundByRound();
    }

    private String faults() {
        Line all = new Line();
        Line[] lines = new Line[injector.numbers()];
        for (int fault = 0; fault < lines.length; fault++) {
            lines[fault] = new Line();
        }
        for (int number = 0; number < ledger.size(); number++) {
            lines[ledger.fault(number)].add(ledger, number);
            all.add(ledger, number);
        }
        StringBuilder table = new StringBuilder(
                "| fault | runs | sent | accepted | stored | stored though not answered | duplicates removed"
                        + " | dead-lettered | discarded | lost | doubled | longest outage, s |\n"
                        + "|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        double longest = 0;
        long duplicates = 0;
        for (int fault = 0; fault < lines.length; fault++) {
            double outage = load.longestOutage(fault) / 1e3;
            longest = Math.max(longest, outage);
            duplicates += load.duplicates().under(fault);
            if (lines[fault].sent + injector.runs(fault) > 0) {
                append(
                        table,
                        injector.name(fault),
                        injector.runs(fault),
                        lines[fault],
                        load.duplicates().under(fault),
                        outage);
            }
        }
        append(table, "all", injector.runs(), all, duplicates, longest);
        return table.toString();
    }

    private static void append(StringBuilder table, String name, int runs, Line line, long duplicates, double outage) {
        table.append(String.format(
                "| %s | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %d | %d | %.1f |%n",
                name,
                runs,
                line.sent,
                line.accepted,
                line.stored,
                line.landed,
                duplicates,
                line.letters,
                line.discarded,
                line.lost,
                line.doubled,
                outage));
    }

    private String roundByRound() {
        StringBuilder table = new StringBuilder(
                "| round | faults | sent | accepted | stored | copies of requests removed | copies of named records removed"
                        + " | dead-lettered | replays | discarded | answered as stored | … not yet | receipts read"
                        + " | lost | doubled |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        for (int n = 0; n < rounds.size(); n++) {
            Round round = rounds.get(n);
            Totals totals = round.totals();
            Line line = new Line();
            for (int number = round.from(); number < round.from() + totals.sent(); number++) {
                line.add(ledger, number);
            }
            table.append(String.format(
                    "| %d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %d | %d |%n",
                    n + 1,
                    totals.faults(),
                    line.sent,
                    line.accepted,
                    line.stored,
                    totals.ofRequests(),
                    totals.ofNamed(),
                    line.letters,
                    totals.replayed(),
                    line.discarded,
                    totals.storedAnswers(),
                    round.notStoredYet(),
                    totals.receiptsRead(),
                    line.lost,
                    line.doubled));
        }
        return table.toString();
    }
}
