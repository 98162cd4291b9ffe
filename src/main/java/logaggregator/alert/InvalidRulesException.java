package logaggregator.alert;

/** A file of rules can't be used; the message says where and why. */
final class InvalidRulesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param line from 1 */
    InvalidRulesException(int line, String problem) {
        super("line " + line + ": " + problem);
    }
}
