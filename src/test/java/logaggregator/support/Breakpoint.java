package logaggregator.support;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Holds the first connection of a {@link TcpProxy} on which some texts go by towards the server, one after the other, until
 * it is released or cut. Thread-safe.
 */
public final class Breakpoint {

    /** Where the connection is held. */
    public enum Where {
        /** The server hasn't got all of the last text yet. */
        BEFORE,
        /** The server has got it and may answer; what the client sends next is held. */
        AFTER,
        /** The server has begun to answer, the client hasn't got anything of it. */
        REPLY
    }

    private static final int PATIENCE_SECONDS = 60;

    private final List<String> texts;
    private final Where where;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile Connection connection;

    /** What is held. */
    interface Connection {
        void cut();

        void holdAnswer(Breakpoint breakpoint);
    }

    Breakpoint(Where where, List<String> texts) {
        this.where = where;
        this.texts = texts;
    }

    List<String> texts() {
        return texts;
    }

    Where where() {
        return where;
    }

    /** Called where the connection is to be held; returns when it may go on. */
    void hold(Connection held) {
        connection = held;
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

    /** Lets the connection go on until the server answers. @return where it is held then */
    public Breakpoint releaseUntilReply() {
        Breakpoint reply = new Breakpoint(Where.REPLY, texts);
        connection.holdAnswer(reply);
        release();
        return reply;
    }

    /** Ends the connection; what is held never arrives. */
    public void cut() {
        connection.cut();
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
        return where + " " + texts;
    }
}
