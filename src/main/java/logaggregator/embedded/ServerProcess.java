package logaggregator.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server that runs beside this process and outlives it when it is killed. */
final class ServerProcess {

    private ServerProcess() {}

    /** Finds a process by its id, if it runs a program below {@code directory}; another one has got the id of ours. */
    static Optional<ProcessHandle> find(long pid, Path directory) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info().command().orElse("").startsWith(directory.toString()));
    }

    /**
     * Sends a signal and waits until the process has ended.
     *
     * @param signal its name without SIG
     * @return false when it still runs after {@code seconds}
     */
    static boolean stop(ProcessHandle process, String signal, int seconds) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            process.onExit().get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (IOException | ExecutionException e) {
            throw new IllegalStateException("could not stop process " + process.pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
