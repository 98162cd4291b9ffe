package logaggregator.query;

import java.net.URI;
import java.util.List;
import logaggregator.Durability;
import logaggregator.store.LogEditor;
import logaggregator.store.StoredLog;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Storing logs while the client waits, and deleting them. */
@RestController
@OnApiRole
class LogEditingController {

    private final LogWriter writer;
    private final LogEditor logs;

    LogEditingController(LogWriter writer, LogEditor logs) {
        this.writer = writer;
        this.logs = logs;
    }

    @PostMapping("/api/v1/logs")
    @KnownParameters({})
    ResponseEntity<StoredLog> create(
            @RequestBody(required = false) byte @Nullable [] body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        StoredLog log = writer.writeOne(body, key).get(0);
        return created(URI.create("/api/v1/logs/" + log.id())).body(log);
    }

    @PostMapping("/api/v1/bulk_logs")
    @KnownParameters({})
    ResponseEntity<List<StoredLog>> createAll(
            @RequestBody(required = false) byte @Nullable [] body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return created(null).body(writer.write(body, key));
    }

    private static ResponseEntity.BodyBuilder created(@Nullable URI location) {
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(201).header("Log-Durability", Durability.POSTGRES.token());
        return location == null ? answer : answer.location(location);
    }

    @DeleteMapping("/api/v1/logs/{id}")
    @KnownParameters({})
    StoredLog delete(@PathVariable("id") long id) {
        StoredLog log = logs.delete(id);
        if (log == null) {
            throw new NotFoundException("there is no log " + id);
        }
        return log;
    }
}
