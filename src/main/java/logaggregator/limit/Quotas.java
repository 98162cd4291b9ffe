package logaggregator.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import logaggregator.UnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Counts what is taken of quotas: among all processes while they reach Redis, each for itself otherwise. Most of the time
 * nobody is asked: a process tells the others of each hundredth of a quota, and after a second. Thread-safe.
 */
@Component
public class Quotas {

    private static final Logger log = LoggerFactory.getLogger(Quotas.class);

    /** The others are forgotten here, not in Redis: what is remembered doesn't grow with the number of owners. */
    static final int MAX_OWNERS = 20_000;

    private static final int UNTOLD_PART = 100;
    private static final long UNTOLD_MILLIS = 1_000;
    private static final long PAUSE_MILLIS = 1_000;

    private final SharedUse shared;
    private final LongSupplier millis;
    private final Cache<Quota, Account> accounts = Caffeine.newBuilder()
            .maximumSize(MAX_OWNERS)
            .expireAfterAccess(Duration.ofHours(1))
            .build();
    private volatile long askAgainAt;

    @Autowired
    public Quotas(SharedUse shared) {
        this(shared, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    }

    /** @param millis a clock that never goes back */
    Quotas(SharedUse shared, LongSupplier millis) {
        this.shared = shared;
        this.millis = millis;
        this.askAgainAt = millis.getAsLong();
    }

    /** Takes so much of a quota, at most all of it, or nothing. */
    public Taken take(Quota quota, int amount) {
        return accounts.get(quota, Account::new).take(amount);
    }

    /** Takes back what was taken for nothing. */
    public void giveBack(Quota quota, int amount) {
        accounts.get(quota, Account::new).giveBack(amount);
    }

    /** What an attempt would be told now that can't be allowed, since nothing is left; null when one may be. */
    public @Nullable Taken usedUp(Quota quota) {
        Account account = accounts.getIfPresent(quota);
        return account == null ? null : account.usedUp();
    }

    /** How many owners are remembered. */
    long owners() {
        accounts.cleanUp();
        return accounts.estimatedSize();
    }

    private final class Account {

        private final Quota quota;
        private final LocalUse local;

        /**
         * What was taken here, and what is left of the last answer; the others don't know of it. What they can't be given
         * back at once, below zero, they aren't given back any more: who knows whether they were, and for what time.
         */
        private long untold;

        private Taken last = new Taken(false, 0, 0, 0, 0);
        private long lastAt;
        private boolean isLastCurrent;

        Account(Quota quota) {
            this.quota = quota;
            this.local = new LocalUse(quota);
        }

        synchronized Taken take(int amount) {
            long now = millis.getAsLong();
            Taken usedUp = usedUp();
            if (usedUp != null) {
                return usedUp;
            }
            if (isTold(now)) {
                long left = last.left() - untold;
                if (amount <= left && untold + amount <= Math.max(1, quota.amount() / UNTOLD_PART)) {
                    untold += amount;
                    local.take(amount, 0, now);
                    return new Taken(true, left - amount, 0, 0, quota.window().toMillis());
                }
            }
            return ask(amount, now);
        }

        synchronized void giveBack(int amount) {
            long now = millis.getAsLong();
            untold -= amount;
            local.take(-amount, 0, now);
            ask(0, now);
        }

        synchronized @Nullable Taken usedUp() {
            long now = millis.getAsLong();
            long millisToMore = last.millisToMore() - (now - lastAt);
            return isTold(now) && last.left() == untold && millisToMore > 0
                    ? new Taken(false, 0, millisToMore, millisToMore, last.millisToAll() - (now - lastAt))
                    : null;
        }

        /** Whether what the others said holds still. */
        private boolean isTold(long now) {
            return isLastCurrent && now - lastAt < UNTOLD_MILLIS;
        }

        private Taken ask(int amount, long now) {
            isLastCurrent = false;
            // of what was taken long ago, while they couldn't be asked, they need not know any more
            long before = Math.min(untold, local.used(now));
            untold = Math.max(0, untold);
            if (now - askAgainAt < 0) {
                return takeAlone(amount, now);
            }
            try {
                last = shared.take(quota, before, amount);
            } catch (UnavailableException e) {
                askAgainAt = millis.getAsLong() + PAUSE_MILLIS;
                log.debug("Quotas are counted by this process alone", e);
                return takeAlone(amount, now);
            }
            untold = 0;
            lastAt = now;
            isLastCurrent = true;
            local.take(last.allowed() ? amount : 0, 0, now);
            return last;
        }

        private Taken takeAlone(int amount, long now) {
            Taken taken = local.take(0, amount, now);
            untold += taken.allowed() ? amount : 0;
            return taken;
        }
    }
}
