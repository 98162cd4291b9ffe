package logaggregator.alert;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The notification channels of this process, as the API shows and tests them. */
public interface AlertChannels {

    /**
     * All channels, also those whose file can't be used.
     *
     * @param wanted names that are to be among them, whether there are such channels or not
     */
    List<ChannelStatus> channels(Collection<String> wanted);

    default List<ChannelStatus> channels() {
        return channels(List.of());
    }

    /** Names of those that alerts go to now; null when that isn't known yet, or alerts are nothing to this process. */
    @Nullable
    Set<String> inUse();

    /**
     * Sends a test notice to one channel and waits for the result.
     *
     * @throws java.util.NoSuchElementException if no channel of that name is started
     */
    ChannelResult test(String name);
}
