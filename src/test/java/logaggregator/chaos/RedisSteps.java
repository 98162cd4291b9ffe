package logaggregator.chaos;

/** By which one knows the scripts of the queue as they go by; they are named by their digest: the last of their keys and what follows it. */
final class RedisSteps {

    private static final String LAST_KEY = ":traced\r\n";

    /** Entries are added; the name for a new ledger, a UUID, comes first. */
    static final String ADD = LAST_KEY + "$36\r\n";

    private RedisSteps() {}

    /** Entries are acknowledged; the group comes first. */
    static String acknowledgement(String group) {
        return LAST_KEY + "$" + group.length() + "\r\n" + group + "\r\n";
    }
}
