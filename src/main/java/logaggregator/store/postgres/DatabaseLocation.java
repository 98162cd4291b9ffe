package logaggregator.store.postgres;

import java.util.Properties;

/**
 * Where the database is.
 *
 * @param jdbcUrl without secrets: may be shown
 * @param properties of the driver, user and password among them: must not be shown
 */
record DatabaseLocation(String jdbcUrl, Properties properties) {

    /** Host, port and database, for people. */
    String display() {
        return jdbcUrl.substring("jdbc:postgresql://".length());
    }

    @Override
    public String toString() {
        return jdbcUrl;
    }
}
