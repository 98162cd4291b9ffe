package logaggregator.queue.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.stream.Collectors;
import logaggregator.deadletter.DeadLetterQueue;
import logaggregator.deadletter.DeadLetterSettings;
import logaggregator.embedded.EmbeddedServices;
import logaggregator.metrics.Metrics;
import logaggregator.queue.LogQueue;
import logaggregator.queue.QueueSafety;
import logaggregator.queue.QueueSettings;
import logaggregator.settings.InvalidSettingException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The queue in the Redis that REDIS_URL names, or in the embedded one. */
@Configuration(proxyBeanMethods = false)
class RedisConfiguration {

    @Bean
    RedisURI redisUri(RedisSettings settings, EmbeddedServices embedded) {
        return parse(
                settings.url().isBlank()
                        ? embedded.redis().url()
                        : settings.url().strip());
    }

    static RedisURI parse(String url) {
        try {
            return RedisURI.create(url);
        } catch (IllegalArgumentException e) {
            // the exception would show the password
            throw new InvalidSettingException(
                    "REDIS_URL",
                    "is not a URL of the form redis://user:password@host:port/database (rediss:// for TLS,"
                            + " redis-sentinel://host:port,host:port/database#master for Sentinel)");
        }
    }

    /** Ended by {@link RedisConnections}, at once. */
    @Bean(destroyMethod = "")
    RedisClient redisClient(RedisURI uri, RedisSettings settings) {
        return RedisConnections.client(uri, Duration.ofMillis(settings.timeoutMs()));
    }

    @Bean
    RedisConnections redisConnections(RedisClient client) {
        return new RedisConnections(client);
    }

    @Bean
    RedisCalls redisCalls(RedisConnections connections, RedisSettings settings, QueueSafety safety) {
        return new RedisCalls(connections, safety.replicas(), Duration.ofMillis(settings.timeoutMs() / 2));
    }

    @Bean
    LedgerMemory ledgerMemory() {
        return new LedgerMemory();
    }

    @Bean
    RedisStreams redisStreams(RedisCalls calls, LedgerMemory memory, Metrics metrics) {
        return new RedisStreams(calls, memory, metrics);
    }

    @Bean("redis-streams")
    RedisStreamsComponent redisStreamsComponent(
            RedisStreams streams, QueueSettings settings, @Value("${server.port}") String port) {
        return new RedisStreamsComponent(
                streams,
                new RedisStreamsComponent.Defaults(
                        settings.consumer().isBlank() ? hostName() + "-" + port : settings.consumer(),
                        settings.batchSize(),
                        Duration.ofMillis(settings.blockMs()),
                        Duration.ofMillis(settings.claimIdleMs())));
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new InvalidSettingException("INGEST_CONSUMER", "is not set, and this host doesn't know its name", e);
        }
    }

    @Bean
    LogQueue logQueue(
            RedisStreams streams,
            RedisCalls calls,
            QueueLedger ledger,
            QueueSettings settings,
            QueueSafety safety,
            RedisURI uri) {
        return new RedisQueue(
                streams,
                ledger,
                new RedisServer(calls),
                settings.stream(),
                settings.group(),
                safety.requireDurable(),
                location(uri) + ", stream " + settings.stream());
    }

    static String location(RedisURI uri) {
        if (uri.getSentinels().isEmpty()) {
            return uri.getHost() + ":" + uri.getPort() + "/" + uri.getDatabase();
        }
        String sentinels = uri.getSentinels().stream()
                .map(sentinel -> sentinel.getHost() + ":" + sentinel.getPort())
                .collect(Collectors.joining(","));
        return uri.getSentinelMasterId() + "/" + uri.getDatabase() + " by Sentinel " + sentinels;
    }

    @Bean
    DeadLetterQueue deadLetterQueue(
            RedisCalls calls, LogQueue logs, QueueSettings settings, DeadLetterSettings limits) {
        return new RedisDeadLetterQueue(calls, logs, settings, limits);
    }

    @Bean
    QueueLedger queueLedger(RedisCalls calls, LedgerMemory memory, QueueSettings settings) {
        return new QueueLedger(calls, memory, settings);
    }
}
