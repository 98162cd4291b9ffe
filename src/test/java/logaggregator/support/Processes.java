package logaggregator.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starting and ending programs. */
public final class Processes {

    private Processes() {}

    static Process start(Path output, List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a program to its end, which must be a success. A server that it leaves behind keeps no pipe of ours. */
    public static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (await(process) != 0) {
            throw new IOException(command + " ended with " + process.exitValue());
        }
    }

    /** SIGKILL. */
    static void kill(Process process) {
        process.destroyForcibly();
        await(process);
    }

    static int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static boolean endsWithin(Duration patience, Process process) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static void signal(long pid, String name) {
        try {
            await(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean answers(int port, String question, String answer) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write(question.getBytes(UTF_8));
            return new String(socket.getInputStream().readNBytes(answer.length()), UTF_8).equals(answer);
        } catch (IOException e) {
            return false;
        }
    }
}
