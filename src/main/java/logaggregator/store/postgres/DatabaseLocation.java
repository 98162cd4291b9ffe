package logaggregator.store.postgres;

import java.util.Properties;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

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

    /** Connections of one's own, for what may take longer than any statement of the service is allowed to. */
    DataSource patientDataSource() {
        Properties patient = new Properties();
        patient.setProperty("connectTimeout", "3");
        patient.setProperty("loginTimeout", "5");
        patient.setProperty("tcpKeepAlive", "true");
        patient.putAll(properties);
        return new DriverManagerDataSource(jdbcUrl, patient);
    }

    @Override
    public String toString() {
        return jdbcUrl;
    }
}
