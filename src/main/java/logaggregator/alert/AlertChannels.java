package logaggregator.alert;

import java.util.List;

/** The notification channels of this process, as the API shows and tests them. */
public interface AlertChannels {

    /** All channels, by name, also those whose file can't be used. */
    List<ChannelStatus> channels();

    /**
     * Sends a test notice to one channel and waits for the result.
     *
     * @throws java.util.NoSuchElementException if no channel of that name is started
     */
    ChannelResult test(String name);
}
