package logaggregator.app;

import java.util.List;
import logaggregator.UnavailableException;
import org.jspecify.annotations.Nullable;

/** The applications, for people. All methods throw {@link UnavailableException} when they can't answer. */
public interface AppDirectory {

    /** Returns null when there is one of that name. */
    @Nullable
    App create(String name, @Nullable String description, @Nullable Integer retentionDays);

    /**
     * Lists applications in the order of their ids.
     *
     * @param name of the only one that is wanted, or null
     * @param after only those with a greater id
     */
    List<App> list(@Nullable String name, int after, int skip, int limit);

    /** Returns null when there is no such application. */
    @Nullable
    App get(int id);

    /** Changes what may be changed of an application: all but its id and name. Returns null when there is none. */
    @Nullable
    App update(App app);

    /**
     * Deletes an application, whose logs are seen no more from then on, and removed later. Whoever goes on to send logs
     * under its name creates a new one.
     *
     * @return what was deleted; null when there is no such application
     */
    @Nullable
    App delete(int id);
}
