package logaggregator.limit;

import java.util.Map;
import java.util.TreeMap;

/**
 * What one process has taken of a quota. In any time of a window's length it gives no more than the quota, and not much
 * less: what was taken counts until its part of the window is over everywhere. Not thread-safe.
 */
final class LocalUse {

    private final Quota quota;
    private final TreeMap<Long, Long> usedByPart = new TreeMap<>();
    private long used;

    LocalUse(Quota quota) {
        this.quota = quota;
    }

    /** As {@link SharedUse#take}, at some time in milliseconds, which never goes back. */
    Taken take(long before, int amount, long now) {
        long part = Math.floorDiv(now, quota.partMillis());
        forget(part);
        if (before < 0) {
            giveBack(-before);
        } else {
            add(part, before);
        }
        boolean allowed = used + amount <= quota.amount();
        long missing = used + amount - quota.amount();
        add(part, allowed ? amount : 0);
        return new Taken(
                allowed,
                Math.max(0, quota.amount() - used),
                allowed ? 0 : millisUntilFree(missing, now),
                used < quota.amount() ? 0 : millisUntilFree(used - quota.amount() + 1, now),
                usedByPart.isEmpty() ? 0 : millisUntilOver(usedByPart.lastKey(), now));
    }

    /** How much was taken within the window. */
    long used(long now) {
        forget(Math.floorDiv(now, quota.partMillis()));
        return used;
    }

    private void forget(long part) {
        Map<Long, Long> over = usedByPart.headMap(part - Quota.PARTS);
        used -= over.values().stream().mapToLong(Long::longValue).sum();
        over.clear();
    }

    private void add(long part, long amount) {
        if (amount > 0) {
            usedByPart.merge(part, amount, Long::sum);
            used += amount;
        }
    }

    /** Of what was taken first: of the rest nothing is free earlier than it would be if that had not been taken. */
    private void giveBack(long amount) {
        long rest = amount;
        while (rest > 0 && !usedByPart.isEmpty()) {
            Map.Entry<Long, Long> first = usedByPart.firstEntry();
            long part = Math.min(rest, first.getValue());
            rest -= part;
            used -= part;
            if (part == first.getValue()) {
                usedByPart.remove(first.getKey());
            } else {
                usedByPart.put(first.getKey(), first.getValue() - part);
            }
        }
    }

    private long millisUntilFree(long amount, long now) {
        long freed = 0;
        for (Map.Entry<Long, Long> part : usedByPart.entrySet()) {
            freed += part.getValue();
            if (freed >= amount) {
                return millisUntilOver(part.getKey(), now);
            }
        }
        return quota.window().toMillis();
    }

    private long millisUntilOver(long part, long now) {
        return (part + Quota.PARTS + 1) * quota.partMillis() - now;
    }
}
