package logaggregator.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import logaggregator.Durability;
import logaggregator.queue.redis.ServerSettings.Finding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerSettingsTest {

    private static final Map<String, String> INFO =
            Map.of("redis_version", "7.2.4", "aof_enabled", "1", "maxmemory", "1000", "maxmemory_policy", "noeviction");

    @ParameterizedTest
    @CsvSource({
        "yes, always, noeviction, FSYNC",
        "yes, everysec, noeviction, EVERYSEC",
        "yes, no, noeviction, MEMORY",
        "no, always, noeviction, MEMORY",
        "yes, always, allkeys-lru, MEMORY",
        "yes, always, volatile-lru, FSYNC",
    })
    void durability_is_what_the_server_does(String appendOnly, String fsync, String policy, Durability durability) {
        assertThat(settings(appendOnly, fsync, policy).durability()).isEqualTo(durability);
    }

    @Test
    void a_safe_server_gives_no_cause_for_a_warning() {
        assertThat(settings("yes", "always", "noeviction").findings(true)).isEmpty();
        assertThat(settings("yes", "always", "volatile-ttl").findings(true)).isEmpty();
    }

    @Test
    void what_may_lose_everything_is_severe() {
        assertThat(severe(settings("no", "always", "noeviction")))
                .singleElement()
                .asString()
                .startsWith("appendonly");
        assertThat(severe(settings("yes", "always", "allkeys-random")))
                .singleElement()
                .asString()
                .contains("allkeys-random");
        assertThat(severe(ServerSettings.of(Map.of("redis_version", "6.0.16"), Map.of())))
                .singleElement()
                .asString()
                .contains("6.0.16", "XTRIM MINID");
    }

    @Test
    void what_may_lose_seconds_is_only_said() {
        ServerSettings settings = settings("yes", "everysec", "noeviction");

        assertThat(severe(settings)).isEmpty();
        assertThat(settings.findings(false)).singleElement().asString().contains("two seconds");
    }

    @Test
    void whoever_requires_fsync_is_told_that_redis_is_not_used() {
        assertThat(settings("yes", "everysec", "noeviction").findings(true))
                .filteredOn(Finding::severe)
                .singleElement()
                .asString()
                .contains("INGEST_REQUIRE_DURABLE");
    }

    @Test
    void memory_without_a_limit_is_said() {
        ServerSettings settings = ServerSettings.of(INFO, Map.of("appendfsync", "always", "maxmemory", "0"));

        assertThat(settings.findings(false)).singleElement().asString().contains("INGEST_MAX_LAG");
    }

    @Test
    void where_config_is_forbidden_info_tells_most() {
        ServerSettings on = ServerSettings.of(INFO, Map.of());
        ServerSettings off = ServerSettings.of(Map.of("aof_enabled", "0", "maxmemory_policy", "allkeys-lru"), Map.of());

        assertThat(on.durability()).isEqualTo(Durability.UNKNOWN);
        assertThat(severe(on)).isEmpty();
        assertThat(off.durability()).isEqualTo(Durability.MEMORY);
        assertThat(severe(off)).hasSize(2);
    }

    @Test
    void a_server_that_tells_nothing_is_unknown() {
        ServerSettings settings = ServerSettings.of(Map.of(), Map.of());

        assertThat(settings.durability()).isEqualTo(Durability.UNKNOWN);
        assertThat(settings.findings(false)).singleElement().asString().contains("CONFIG GET");
    }

    private static ServerSettings settings(String appendOnly, String fsync, String policy) {
        return ServerSettings.of(
                INFO, Map.of("appendonly", appendOnly, "appendfsync", fsync, "maxmemory-policy", policy));
    }

    private static List<String> severe(ServerSettings settings) {
        return settings.findings(false).stream()
                .filter(Finding::severe)
                .map(Finding::text)
                .toList();
    }
}
