package logaggregator.app.postgres;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import logaggregator.app.AppRegistry;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Applications in table {@code apps}; takes part in the transaction of the calling thread. Thread-safe. */
@Component
class PostgresAppRegistry implements AppRegistry {

    private final JdbcTemplate jdbc;

    PostgresAppRegistry(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    @Override
    public Map<String, Integer> ensure(Set<String> names) {
        Map<String, Integer> ids = find(names);
        // what another transaction has created may be deleted before it is found here
        while (ids.size() < names.size()) {
            TreeSet<String> missing = new TreeSet<>(names);
            missing.removeAll(ids.keySet());
            jdbc.update(
                    // waits for a transaction that creates the same; in one order, so that two don't wait for each
                    // other
                    "INSERT INTO apps (name) SELECT name FROM unnest(?::text[]) AS name ORDER BY name"
                            + " ON CONFLICT DO NOTHING",
                    (Object) missing.toArray(new String[0]));
            ids.putAll(find(missing));
        }
        return ids;
    }

    private Map<String, Integer> find(Set<String> names) {
        Map<String, Integer> ids = new HashMap<>();
        if (!names.isEmpty()) {
            jdbc.query(
                    "SELECT name, id FROM apps WHERE name = ANY (?::text[]) ORDER BY id FOR KEY SHARE",
                    row -> {
                        ids.put(row.getString(1), row.getInt(2));
                    },
                    (Object) names.toArray(new String[0]));
        }
        return ids;
    }

    @Override
    public Map<Integer, String> names(Set<Integer> wanted) {
        Map<Integer, String> names = new HashMap<>();
        if (!wanted.isEmpty()) {
            jdbc.query(
                    "SELECT id, name FROM apps WHERE id = ANY (?::int[]) ORDER BY id FOR KEY SHARE",
                    row -> {
                        names.put(row.getInt(1), row.getString(2));
                    },
                    (Object) wanted.toArray(new Integer[0]));
        }
        return names;
    }
}
