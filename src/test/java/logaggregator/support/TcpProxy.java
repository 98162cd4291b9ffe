package logaggregator.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** A network between clients and a server on this machine that can be broken in many ways. Thread-safe. */
public final class TcpProxy implements AutoCloseable {

    private final int serverPort;
    private final ServerSocket listener;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final List<Breakpoint> breakpoints = new CopyOnWriteArrayList<>();
    private final AtomicBoolean cutHalfway = new AtomicBoolean();
    private volatile boolean refusing;
    private volatile boolean holding;
    private volatile boolean swallowing;
    private volatile Duration delay = Duration.ZERO;

    public TcpProxy(int serverPort) {
        this.serverPort = serverPort;
        try {
            listener = new ServerSocket(Ports.free(), 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("proxy-" + serverPort, this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Ends all connections with a reset. */
    public void cut() {
        links.forEach(Link::cut);
    }

    /** New connections are reset at once. */
    public void refuse(boolean on) {
        refusing = on;
    }

    /** Nothing arrives any more, in no direction, and nobody is told; afterwards all of it arrives. */
    public void blackhole(boolean on) {
        holding = on;
    }

    /** What the server says gets lost. */
    public void swallowAnswers(boolean on) {
        swallowing = on;
    }

    /** Each piece arrives that much later. */
    public void delay(Duration each) {
        delay = each;
    }

    /** Of the next piece that a client sends the server gets half, then the connection is cut. */
    public void cutHalfway() {
        cutHalfway.set(true);
    }

    /** Holds the first connection whose client sends these texts, one after the other, from now on. */
    public Breakpoint breakAt(Breakpoint.Where where, String... texts) {
        Breakpoint breakpoint = new Breakpoint(where, List.of(texts));
        breakpoints.add(breakpoint);
        return breakpoint;
    }

    /** Works again; connections that were cut stay so. */
    public void heal() {
        refusing = false;
        holding = false;
        swallowing = false;
        delay = Duration.ZERO;
        cutHalfway.set(false);
        breakpoints.clear();
    }

    @Override
    public void close() {
        heal();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (refusing) {
                    reset(client);
                } else {
                    start("link-" + serverPort, () -> connect(client));
                }
            } catch (IOException e) {
                // closed, or the client is gone already
            }
        }
    }

    private void connect(Socket client) {
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException e) {
            reset(client);
            return;
        }
        Link link = new Link(client, server);
        links.add(link);
        start("answers-" + serverPort, () -> link.forward(server, client, false));
        link.forward(client, server, true);
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void reset(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // it is gone already
        }
    }

    /** One connection of a client and the one to the server that belongs to it. */
    private final class Link implements Breakpoint.Connection {

        private final Socket client;
        private final Socket server;
        private final Map<Breakpoint, StreamMatcher> matchers = new HashMap<>();
        private volatile Breakpoint heldAnswer;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        @Override
        public void holdAnswer(Breakpoint breakpoint) {
            heldAnswer = breakpoint;
        }

        @Override
        public void cut() {
            reset(client);
            reset(server);
            links.remove(this);
        }

        void forward(Socket from, Socket to, boolean toServer) {
            byte[] piece = new byte[64 * 1024];
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                    awaitNetwork();
                    if (toServer) {
                        send(piece, count, out);
                    } else {
                        answer(piece, count, out);
                    }
                }
            } catch (IOException e) {
                // one of them is gone, or the test cut it
            }
            links.remove(this);
        }

        private void awaitNetwork() {
            LockSupport.parkNanos(delay.toNanos());
            while (holding && !client.isClosed()) {
                LockSupport.parkNanos(10_000_000);
            }
        }

        private void send(byte[] piece, int count, OutputStream server) throws IOException {
            Breakpoint breakpoint = find(piece, count);
            if (breakpoint != null && breakpoint.where() == Breakpoint.Where.BEFORE) {
                breakpoint.hold(this);
            }
            if (breakpoint != null && breakpoint.where() == Breakpoint.Where.REPLY) {
                heldAnswer = breakpoint;
            }
            if (count > 1 && cutHalfway.compareAndSet(true, false)) {
                server.write(piece, 0, count / 2);
                cut();
                return;
            }
            server.write(piece, 0, count);
            if (breakpoint != null && breakpoint.where() == Breakpoint.Where.AFTER) {
                breakpoint.hold(this);
            }
        }

        private void answer(byte[] piece, int count, OutputStream client) throws IOException {
            Breakpoint held = heldAnswer;
            if (held != null) {
                held.hold(this);
                heldAnswer = null;
            }
            if (!swallowing) {
                client.write(piece, 0, count);
            }
        }

        /** The breakpoint whose text ends here; it is used up. */
        private Breakpoint find(byte[] piece, int count) {
            Breakpoint found = null;
            for (Breakpoint breakpoint : breakpoints) {
                StreamMatcher matcher = matchers.computeIfAbsent(breakpoint, each -> new StreamMatcher(each.texts()));
                if (matcher.endsIn(piece, count) && found == null && breakpoints.remove(breakpoint)) {
                    found = breakpoint;
                }
            }
            return found;
        }
    }
}
