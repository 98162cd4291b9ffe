package logaggregator.chaos;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What was sent, what was answered and where it was found, by number: a few bytes each, so that ten millions fit.
 * Thread-safe while it is written; read when nobody writes.
 */
final class Ledger {

    /** What the client knows about a record. */
    enum Answer {
        NOT_SENT,
        NONE,
        ERROR,
        REFUSED,
        ACCEPTED
    }

    /** Whether a dead letter was discarded. */
    enum Discard {
        NO,
        /** An operator wanted it, and got no answer. */
        PERHAPS,
        YES
    }

    private static final NumberedRecord[] KINDS = NumberedRecord.values();
    private static final Answer[] ANSWERS = Answer.values();
    private static final Discard[] DISCARDS = Discard.values();

    private final AtomicInteger next = new AtomicInteger();
    private final byte[] kinds;
    private final byte[] answers;
    private final byte[] faults;
    private final byte[] discards;
    private final byte[] rows;
    private final byte[] letters;

    Ledger(int capacity) {
        kinds = new byte[capacity];
        answers = new byte[capacity];
        faults = new byte[capacity];
        discards = new byte[capacity];
        rows = new byte[capacity];
        letters = new byte[capacity];
    }

    /** @return the first of {@code count} numbers that nobody else gets */
    int take(int count) {
        return next.getAndAdd(count);
    }

    /** All numbers below were taken. */
    int size() {
        return next.get();
    }

    synchronized void send(int number, NumberedRecord kind, int fault) {
        kinds[number] = (byte) kind.ordinal();
        faults[number] = (byte) fault;
        answers[number] = (byte) Answer.NONE.ordinal();
    }

    /** What was accepted once remains so, whatever is answered when it is sent again. */
    synchronized void answer(int number, Answer answer) {
        if (answer(number) != Answer.ACCEPTED) {
            answers[number] = (byte) answer.ordinal();
        }
    }

    synchronized void discard(int number, Discard discard) {
        if (discard(number) != Discard.YES) {
            discards[number] = (byte) discard.ordinal();
        }
    }

    void addRow(int number) {
        rows[number] = increment(rows[number]);
    }

    void addLetter(int number) {
        letters[number] = increment(letters[number]);
    }

    void forgetLetters() {
        java.util.Arrays.fill(letters, 0, size(), (byte) 0);
    }

    private static byte increment(byte count) {
        return count == Byte.MAX_VALUE ? count : (byte) (count + 1);
    }

    NumberedRecord kind(int number) {
        return KINDS[kinds[number]];
    }

    Answer answer(int number) {
        return ANSWERS[answers[number]];
    }

    Discard discard(int number) {
        return DISCARDS[discards[number]];
    }

    /** Which fault was there when it was sent. */
    int fault(int number) {
        return faults[number];
    }

    int rows(int number) {
        return rows[number];
    }

    int letters(int number) {
        return letters[number];
    }

    boolean isLost(int number) {
        return answer(number) == Answer.ACCEPTED && rows[number] + letters[number] == 0 && !isDiscarded(number);
    }

    boolean isDoubled(int number) {
        return rows[number] + letters[number] + (discard(number) == Discard.YES ? 1 : 0) > 1;
    }

    /** Nowhere any more, since an operator wanted it so. */
    boolean isDiscarded(int number) {
        return rows[number] + letters[number] == 0 && discard(number) != Discard.NO;
    }

    String describe(int number) {
        return number + " (" + kind(number) + ", answer " + answer(number) + ", rows " + rows[number]
                + ", dead letters " + letters[number] + ", discarded " + discard(number) + ")";
    }
}
