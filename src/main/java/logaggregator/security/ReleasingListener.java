package logaggregator.security;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/** Releases a body when its request is completed, however often that is dispatched again before. */
record ReleasingListener(BodyCollector body) implements AsyncListener {

    @Override
    public void onComplete(AsyncEvent event) {
        body.release();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        // completion follows
    }

    @Override
    public void onError(AsyncEvent event) {
        // completion follows
    }
}
