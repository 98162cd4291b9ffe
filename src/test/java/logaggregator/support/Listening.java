package logaggregator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a process can be reached, as Linux tells of it. */
public final class Listening {

    private static final int ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final String LISTENS = "0A";
    private static final String IS_BOUND = "07";

    private Listening() {}

    /** The addresses and ports of all its sockets that wait for others, of TCP and of UDP. */
    public static Set<InetSocketAddress> of(long pid) {
        Set<String> sockets = sockets(pid);
        return Stream.concat(open(pid, "tcp", LISTENS), open(pid, "udp", IS_BOUND))
                .filter(fields -> sockets.contains("socket:[" + fields[INODE] + "]"))
                .map(fields -> address(fields[ADDRESS]))
                .collect(Collectors.toSet());
    }

    private static Set<String> sockets(long pid) {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.map(Listening::target).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Files are closed meanwhile. */
    private static String target(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static Stream<String[]> open(long pid, String protocol, String state) {
        return Stream.of(protocol, protocol + "6")
                .flatMap(table -> lines(Path.of("/proc/" + pid + "/net/" + table)))
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields[STATE].equals(state));
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file).stream() : Stream.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Words of four bytes, each in the order of the processor; then the port. */
    private static InetSocketAddress address(String text) {
        String[] parts = text.split(":");
        byte[] words = HexFormat.of().parseHex(parts[0]);
        ByteBuffer address = ByteBuffer.allocate(words.length);
        ByteBuffer swapped = ByteBuffer.wrap(words).order(ByteOrder.nativeOrder());
        while (swapped.hasRemaining()) {
            address.putInt(swapped.getInt());
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address.array()), Integer.parseInt(parts[1], 16));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
