package bench;

import java.util.List;
import logaggregator.support.Database;

/** The same with nothing to find logs by but a primary key and a BRIN, in turn with the indexes of the service. */
final class IndexCost {

    /** Measures once, and adds what PostgreSQL alone and the whole way take. */
    interface Round {
        void run(Series copy, Series stored) throws Exception;
    }

    private final Database database;
    private final Round round;

    IndexCost(Database database, Round round) {
        this.database = database;
        this.round = round;
    }

    List<Series> measure(int rounds) throws Exception {
        Series copy = new Series("COPY, indexes of the service", "rows/s");
        Series stored = new Series("accepted and stored, indexes of the service", "logs/s");
        Series plainCopy = new Series("COPY, primary key and BRIN only", "rows/s");
        Series plainStored = new Series("accepted and stored, primary key and BRIN only", "logs/s");
        List<String> indexes = database.column("SELECT indexdef FROM pg_indexes WHERE tablename = 'logs'");
        round.run(new Series("warm-up", ""), new Series("warm-up", ""));
        for (int n = 0; n < rounds; n++) {
            // in turn also who comes first, whose code is less compiled yet
            if (n % 2 == 0) {
                round.run(copy, stored);
            }
            database.execute("DROP INDEX "
                    + String.join(", ", database.column("SELECT indexname FROM pg_indexes WHERE tablename = 'logs'")));
            database.execute(
                    "CREATE INDEX primary_key ON logs (id); CREATE INDEX times ON logs USING brin (timestamp)");
            round.run(plainCopy, plainStored);
            database.execute("DROP INDEX primary_key, times");
            indexes.forEach(index -> database.execute(index.replace(" ON ONLY ", " ON ")));
            if (n % 2 == 1) {
                round.run(copy, stored);
            }
        }
        return List.of(
                plainCopy,
                copy.compare(copy.median() / plainCopy.median(), "the above"),
                plainStored,
                stored.compare(stored.median() / plainStored.median(), "the above"));
    }
}
