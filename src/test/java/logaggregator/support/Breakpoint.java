package logaggregator.support;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Holds the first connection of a {@link TcpProxy} on which a text goes by towards the server, until it is released or
 * cut. Thread-safe.
 */
public final class Breakpoint {

    /** Where the connection is held. */
    public enum Where {
        /** The server hasn't got all of the text yet. */
        BEFORE,
        /** The server has got it and may answer; what the client sends next is held. */
        AFTER,
        /** The server has begun to answer, the client hasn't got anything of it. */
        REPLY
    }

    private static final int PATIENCE_SECONDS = 60;

    private final byte[] text;
    private final Where where;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile Runnable cut = () -> {};

    Breakpoint(String text, Where where) {
        this.text = text.getBytes(StandardCharsets.UTF_8);
        this.where = where;
    }

    byte[] text() {
        return text;
    }

    Where where() {
        return where;
    }

    /** Called where the connection is to be held; returns when it may go on. */
    void hold(Runnable cutConnection) {
        cut = cutConnection;
        reached.countDown();
        await(released, Integer.MAX_VALUE);
    }

    /** Waits until a connection is held here. */
    public void await() {
        if (!await(reached, PATIENCE_SECONDS)) {
            throw new IllegalStateException("nothing came by at " + this);
        }
    }

    public boolean isReached() {
        return reached.getCount() == 0;
    }

    /** Lets the connection go on. */
    public void release() {
        released.countDown();
    }

    /** Ends the connection; what is held never arrives. */
    public void cut() {
        cut.run();
        release();
    }

    private static boolean await(CountDownLatch latch, int seconds) {
        try {
            return latch.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return where + " " + new String(text, StandardCharsets.UTF_8);
    }
}
