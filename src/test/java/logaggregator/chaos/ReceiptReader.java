package logaggregator.chaos;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import logaggregator.support.Api;
import logaggregator.support.Api.Answer;

/** A producer that asks what became of its chunks: each is known, and what is settled stays so. Thread-safe. */
final class ReceiptReader {

    /** How many of those are kept that were not promised for later. */
    private static final int MAX_KEPT = 3_000;

    private static final int GAP_MS = 30;
    private static final int ATTEMPTS = 100;
    private static final Set<String> SETTLED = Set.of("stored", "dead-lettered");

    private final List<Api> apis;
    private final List<String> problems;
    private final BooleanSupplier stopping;
    private final List<String> receipts = new ArrayList<>();
    private final Set<String> promised = new HashSet<>();
    private final Set<String> settled = new HashSet<>();
    private int asked;

    ReceiptReader(List<Api> apis, List<String> problems, BooleanSupplier stopping) {
        this.apis = apis;
        this.problems = problems;
        this.stopping = stopping;
    }

    synchronized void reset() {
        receipts.clear();
        promised.clear();
        settled.clear();
    }

    /** @param accepted true when the records were not stored yet when the receipt was given */
    synchronized void keep(String receipt, boolean accepted) {
        if (accepted) {
            promised.add(receipt);
        }
        if (accepted || receipts.size() < MAX_KEPT) {
            receipts.add(receipt);
        }
    }

    /** How many requests were answered before their records were stored, though they wanted to wait. */
    synchronized int promised() {
        return promised.size();
    }

    synchronized int asked() {
        return asked;
    }

    void read(Random random) {
        while (!stopping.getAsBoolean()) {
            Pause.millis(GAP_MS);
            String receipt = any(random);
            if (receipt != null) {
                ask(receipt, apis.get(random.nextInt(apis.size())));
            }
        }
    }

    private synchronized String any(Random random) {
        return receipts.isEmpty() ? null : receipts.get(random.nextInt(receipts.size()));
    }

    /** When nothing is on its way any more: each receipt must tell the end. */
    void checkAll() {
        for (String receipt : List.copyOf(receipts)) {
            String status = "unknown";
            for (int attempt = 0; attempt < ATTEMPTS && !SETTLED.contains(status); attempt++) {
                if (attempt > 0) {
                    Pause.millis(GAP_MS);
                }
                status = ask(receipt, apis.get(attempt % apis.size()));
            }
            if (!SETTLED.contains(status)) {
                problems.add("RECEIPT " + receipt + " is " + status
                        + (promised.contains(receipt) ? ", answered with 504" : ""));
            }
        }
    }

    private String ask(String receipt, Api api) {
        boolean wasSettled = isSettled(receipt);
        Answer answer;
        try {
            answer = api.get("/api/v1/receipts/" + receipt);
        } catch (UncheckedIOException e) {
            return "not answered";
        }
        String status = answer.body().path("status").asText();
        synchronized (this) {
            asked++;
            if (answer.status() == 503 || answer.status() == 504) {
                return "not answered";
            }
            if (answer.status() != 200 || wasSettled && !SETTLED.contains(status)) {
                problems.add("RECEIPT " + receipt + (wasSettled ? ", settled before," : "") + " has status "
                        + answer.status() + ": " + answer.body());
            } else if (SETTLED.contains(status)) {
                settled.add(receipt);
            }
        }
        return status;
    }

    private synchronized boolean isSettled(String receipt) {
        return settled.contains(receipt);
    }
}
