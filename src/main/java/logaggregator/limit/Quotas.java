package logaggregator.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Counts what is taken of quotas: among all processes while they reach Redis, each for itself otherwise. Most of the time
 * nobody is asked: a process tells the others of each hundredth of a quota only. Thread-safe.
 */
@Component
public class Quotas {

    private static final Logger log = LoggerFactory.getLogger(Quotas.class);

    /** The others are forgotten here, not in Redis: what is remembered doesn't grow with the number of owners. */
    private static final int MAX_OWNERS = 20_000;

    private static final int UNSYNCHRONIZED_PART = 100;
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private final SharedBuckets shared;
    private final Cache<Quota, Account> accounts = Caffeine.newBuilder()
            .maximumSize(MAX_OWNERS)
            .expireAfterAccess(Duration.ofHours(1))
            .build();
    private volatile long askAgainAt = System.nanoTime();

    public Quotas(SharedBuckets shared) {
        this.shared = shared;
    }

    /** The buckets of a quota. */
    private static final class Account {

        private final Bucket local;
        private final Bucket common;

        /** What was taken while the others couldn't be asked. */
        private final AtomicLong untold = new AtomicLong();

        /** Nothing can be taken before. */
        private volatile long emptyUntil = System.nanoTime();

        Account(Bucket local, Bucket common) {
            this.local = local;
            this.common = common;
        }
    }

    /** Takes so much of a quota, at most all of it, or nothing. */
    public Taken take(Quota quota, int amount) {
        Account account = accounts.get(quota, this::open);
        ConsumptionProbe probe = takeFromAll(account, amount);
        if (probe == null) {
            probe = account.local.tryConsumeAndReturnRemaining(amount);
            account.untold.addAndGet(probe.isConsumed() ? amount : 0);
        }
        int wait = probe.isConsumed() ? 0 : seconds(probe.getNanosToWaitForRefill());
        if (!probe.isConsumed() && probe.getRemainingTokens() == 0) {
            account.emptyUntil = System.nanoTime() + probe.getNanosToWaitForRefill();
        }
        return new Taken(probe.isConsumed(), probe.getRemainingTokens(), wait, seconds(probe.getNanosToWaitForReset()));
    }

    /** In how many seconds there will be something again of a quota of which nothing was left; 0 when there may be now. */
    public int secondsUntilRefill(Quota quota) {
        Account account = accounts.getIfPresent(quota);
        long wait = account == null ? 0 : account.emptyUntil - System.nanoTime();
        return wait <= 0 ? 0 : seconds(wait);
    }

    /** Null when the others can't be asked. */
    private @Nullable ConsumptionProbe takeFromAll(Account account, int amount) {
        if (System.nanoTime() - askAgainAt < 0) {
            return null;
        }
        long untold = account.untold.getAndSet(0);
        try {
            if (untold > 0) {
                account.common.consumeIgnoringRateLimits(untold);
                untold = 0;
            }
            ConsumptionProbe probe = account.common.tryConsumeAndReturnRemaining(amount);
            if (probe.isConsumed()) {
                // known here when the others can't be asked any more
                account.local.tryConsumeAsMuchAsPossible(amount);
            }
            return probe;
        } catch (RuntimeException e) {
            account.untold.addAndGet(untold);
            askAgainAt = System.nanoTime() + PAUSE_NANOS;
            log.debug("Quotas are counted by this process alone", e);
            return null;
        }
    }

    private Account open(Quota quota) {
        BucketConfiguration configuration = BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(quota.amount()).refillIntervally(quota.amount(), quota.window()))
                .build();
        Bucket local = Bucket.builder()
                .addLimit(limit -> limit.capacity(quota.amount()).refillIntervally(quota.amount(), quota.window()))
                .build();
        return new Account(
                local, shared.bucket(quota.key(), configuration, Math.max(1, quota.amount() / UNSYNCHRONIZED_PART)));
    }

    private static int seconds(long nanos) {
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1));
    }
}
