package logaggregator.settings;

import org.jspecify.annotations.Nullable;

/** A setting has a value that can't be used. The message never repeats the value: it may be a secret. */
public class InvalidSettingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param setting name of the environment variable
     * @param problem what is wrong, e.g. {@code "has no host"}
     */
    public InvalidSettingException(String setting, String problem) {
        this(setting, problem, null);
    }

    public InvalidSettingException(String setting, String problem, @Nullable Throwable cause) {
        super(setting + " " + problem, cause);
    }
}
