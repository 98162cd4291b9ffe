package logaggregator.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import logaggregator.Batch;
import logaggregator.LogEntry;
import logaggregator.Rejection;
import logaggregator.access.Access;
import logaggregator.app.AppCheck;
import logaggregator.app.AppRights;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Keeps producers to what their keys are for. Thread-safe. */
@Component("producerCheck")
public class ProducerCheck {

    private final AppCheck apps;

    ProducerCheck(AppCheck apps) {
        this.apps = apps;
    }

    /** Whether there is anything that whoever sent this request may not do; costs nothing. */
    public static boolean applies(@Nullable Object request) {
        return request instanceof HttpServletRequest sent && sent.getAttribute(Access.ATTRIBUTE) != null;
    }

    /**
     * Takes the records out that may not be sent with this key.
     *
     * @param strict as for the decoder
     * @param key the producer's name for the request, or null
     */
    public Batch check(Batch batch, HttpServletRequest request, @Nullable String strict, @Nullable String key) {
        Access access = Access.of(request.getAttribute(Access.ATTRIBUTE));
        return access.hasAllApps() ? batch : apps.permit(batch, new Rights(access), strict, key);
    }

    private record Rights(Access access) implements AppRights {

        @Override
        public @Nullable Rejection problem(LogEntry entry, Map<Integer, String> names) {
            String app = entry.app() == null ? names.get(entry.appId()) : entry.app();
            return app != null && access.hasApp(app)
                    ? null
                    : new Rejection(null, entry.index(), "app_forbidden", "app", "the key may not write to this app");
        }

        @Override
        public int status(Rejection first) {
            return 403;
        }
    }
}
