package logaggregator.app;

/** To which applications a producer may send logs. */
public interface AppRights {

    /** Whoever names more that don't exist within a minute has none looked up for a while: each may be a query. */
    int MAX_MISSED = 500;

    /** Whether it may send logs of the application of this name. */
    boolean mayWriteTo(String app);

    /** Whether it may send logs of any application. */
    boolean mayWriteToAll();

    /** Whether it may have this application made, which doesn't exist yet. */
    boolean mayCreate(String app);

    /** Whether one asks for it which applications exist; otherwise those that are known without asking must do. */
    boolean mayAsk();

    /** Notes how many applications it has named that don't exist and weren't made. */
    void missed(int apps);
}
