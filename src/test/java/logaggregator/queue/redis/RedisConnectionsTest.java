package logaggregator.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RedisConnectionsTest {

    private static final int THREADS = 8;

    @Test
    void threads_that_wait_for_a_connection_do_not_try_one_after_the_other() throws Exception {
        List<Socket> attempts = new CopyOnWriteArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RedisConnections connections = new RedisConnections(RedisConnections.client(
                        RedisURI.create("redis://127.0.0.1:" + silent.getLocalPort()), Duration.ofMillis(200)))) {
            threads.submit(() -> acceptAll(silent, attempts));
            Callable<Object> call = connections::shared;

            List<Future<Object>> calls =
                    threads.invokeAll(Stream.generate(() -> call).limit(THREADS).toList());

            assertThat(calls)
                    .allSatisfy(future -> assertThatThrownBy(future::get).hasCauseInstanceOf(RedisException.class));
            assertThat(attempts).hasSizeLessThan(THREADS / 2);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_process_ends_even_if_its_client_never_says_that_it_has_ended() {
        RedisClient endless = new RedisClient() {
            @Override
            public CompletableFuture<Void> shutdownAsync(long quietPeriod, long timeout, TimeUnit unit) {
                return new CompletableFuture<>();
            }
        };

        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> new RedisConnections(endless).close());
    }

    private static Void acceptAll(ServerSocket server, List<Socket> accepted) throws IOException {
        while (!server.isClosed()) {
            accepted.add(server.accept());
        }
        return null;
    }
}
