package logaggregator.app;

/** To which applications a producer may send logs. */
public interface AppRights {

    /** Whether it may send logs of the application of this name. */
    boolean mayWriteTo(String app);

    /** Whether it may have this application made, which doesn't exist yet. */
    boolean mayCreate(String app);
}
