package logaggregator.security;

import static org.assertj.core.api.Assertions.assertThat;

import javax.management.ObjectName;
import org.jolokia.server.core.util.RequestType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JolokiaAccessTest {

    private static final String CONTEXT =
            "org.apache.camel:context=log-aggregator,type=context,name=\"log-aggregator\"";
    private static final String ROUTE = "org.apache.camel:context=log-aggregator,type=routes,name=\"store\"";
    private static final String ENDPOINT =
            "org.apache.camel:context=log-aggregator,type=endpoints,name=\"https://hooks.example/s3cret\"";

    private final JolokiaAccess access = new JolokiaAccess();

    @ParameterizedTest
    @CsvSource({
        "start(), true",
        "stop(), true",
        "dumpRouteAsXml(), true",
        "dumpRouteAsXml(boolean), false",
        "remove(), false",
        "stop, false",
        "updateRouteFromXml(java.lang.String), false"
    })
    void routes_can_be_started_and_stopped_and_no_more(String operation, boolean allowed) throws Exception {
        assertThat(access.isOperationAllowed(new ObjectName(ROUTE), operation)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "dumpRoutesAsXml(), true",
        "dumpRoutesStatsAsXml, true",
        "dumpRoutesAsXml(boolean), false",
        "stop(), false",
        "start(), false",
        "'sendBody(java.lang.String,java.lang.Object)', false",
        "createEndpoint(java.lang.String), false"
    })
    void nothing_is_sent_or_made(String operation, boolean allowed) throws Exception {
        assertThat(access.isOperationAllowed(new ObjectName(CONTEXT), operation))
                .isEqualTo(allowed);
    }

    @Test
    void addresses_are_not_shown() throws Exception {
        assertThat(access.isObjectNameHidden(new ObjectName(ENDPOINT))).isTrue();
        assertThat(access.isAttributeReadAllowed(new ObjectName(ENDPOINT), "EndpointUri"))
                .isFalse();
        assertThat(access.isObjectNameHidden(new ObjectName(ROUTE))).isFalse();
    }

    @Test
    void the_machine_is_looked_at_and_left_alone() throws Exception {
        ObjectName memory = new ObjectName("java.lang:type=Memory");
        ObjectName runtime = new ObjectName("java.lang:type=Runtime");

        assertThat(access.isAttributeReadAllowed(memory, "HeapMemoryUsage")).isTrue();
        assertThat(access.isAttributeReadAllowed(runtime, "SystemProperties")).isFalse();
        assertThat(access.isAttributeReadAllowed(runtime, "InputArguments")).isFalse();
        assertThat(access.isOperationAllowed(memory, "gc()")).isFalse();
        assertThat(access.isAttributeWriteAllowed(memory, "Verbose")).isFalse();
        assertThat(access.isTypeAllowed(RequestType.WRITE)).isFalse();
        assertThat(access.isAttributeReadAllowed(
                        new ObjectName("com.sun.management:type=HotSpotDiagnostic"), "DiagnosticOptions"))
                .isFalse();
    }
}
