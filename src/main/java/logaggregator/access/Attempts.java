package logaggregator.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/** How often each address has tried a wrong key or session in the last second. Thread-safe. */
@Component
public class Attempts {

    /** Of one address. */
    public static final int PER_SECOND = 20;

    /** Others are forgotten: what is remembered doesn't grow with the number of addresses. */
    static final int MAX_ADDRESSES = 50_000;

    private final Cache<String, AtomicInteger> failed = Caffeine.newBuilder()
            .maximumSize(MAX_ADDRESSES)
            .expireAfterWrite(Duration.ofSeconds(1))
            .build();

    /** Counts a failure, and returns whether it is one that may be told of. */
    public boolean mayFail(String address) {
        return failed.get(address, unused -> new AtomicInteger()).incrementAndGet() <= PER_SECOND;
    }

    /** How many addresses are remembered. */
    long addresses() {
        failed.cleanUp();
        return failed.estimatedSize();
    }

    /** Takes back one that was counted in advance. */
    public void forgive(String address) {
        AtomicInteger count = failed.getIfPresent(address);
        if (count != null) {
            count.updateAndGet(failures -> Math.max(0, failures - 1));
        }
    }
}
