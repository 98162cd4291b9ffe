package logaggregator.chaos;

/** The result as a table in Markdown, a line for each fault and one for all. */
final class Report {

    private final Ledger ledger;
    private final Injector injector;
    private final Load load;

    Report(Ledger ledger, Injector injector, Load load) {
        this.ledger = ledger;
        this.injector = injector;
        this.load = load;
    }

    /** What became of the records that were sent under a fault. */
    private static final class Line {
        private int sent;
        private int accepted;
        private int stored;
        private int landed;
        private int letters;
        private int lost;
        private int doubled;

        void add(Ledger ledger, int number) {
            boolean isAccepted = ledger.answer(number) == Ledger.Answer.ACCEPTED;
            sent++;
            accepted += isAccepted ? 1 : 0;
            stored += ledger.rows(number) > 0 ? 1 : 0;
            landed += !isAccepted && ledger.rows(number) > 0 ? 1 : 0;
            letters += ledger.letters(number) > 0 ? 1 : 0;
            lost += ledger.isLost(number) ? 1 : 0;
            doubled += ledger.isDoubled(number) ? 1 : 0;
        }
    }

    /** @param duplicates how many records were recognised as stored before, or -1 when the service doesn't tell */
    String table(long duplicates) {
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
                        + " | dead-lettered | lost | doubled | longest outage, s |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
        double longest = 0;
        for (int fault = 0; fault < lines.length; fault++) {
            double outage = load.longestOutage(fault) / 1e3;
            longest = Math.max(longest, outage);
            if (lines[fault].sent + injector.runs(fault) == 0) {
                continue;
            }
            append(table, injector.name(fault), injector.runs(fault), lines[fault], "", outage);
        }
        append(table, "all", injector.runs(), all, duplicates < 0 ? "" : String.format("%,d", duplicates), longest);
        return table.toString();
    }

    private static void append(
            StringBuilder table, String name, int runs, Line line, String duplicates, double outage) {
        table.append(String.format(
                "| %s | %,d | %,d | %,d | %,d | %,d | %s | %,d | %d | %d | %.1f |%n",
                name,
                runs,
                line.sent,
                line.accepted,
                line.stored,
                line.landed,
                duplicates,
                line.letters,
                line.lost,
                line.doubled,
                outage));
    }
}
