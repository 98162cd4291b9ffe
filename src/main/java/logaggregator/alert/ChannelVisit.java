package logaggregator.alert;

/** What a channel was sent, and may be busy with for longer than anybody waits for the result. */
public interface ChannelVisit {

    /** Runs something when the channel is done with it, or at once when it is done already. */
    void whenOver(Runnable action);
}
