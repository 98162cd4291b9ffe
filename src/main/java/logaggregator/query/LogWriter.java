package logaggregator.query;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import logaggregator.Batch;
import logaggregator.Rejection;
import logaggregator.app.AppCheck;
import logaggregator.ingest.DirectAppend;
import logaggregator.ingest.InvalidBodyException;
import logaggregator.ingest.json.JsonBodyDecoder;
import logaggregator.metrics.Metrics;
import logaggregator.security.ProducerCheck;
import logaggregator.store.LogEditor;
import logaggregator.store.StoredLog;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Stores the records of a request while its client waits, all of them or none. Thread-safe. */
@Component
class LogWriter {

    private static final String ALL_OR_NOTHING = "true";
    private static final int BAD_REQUEST = 400;

    private final JsonBodyDecoder decoder;
    private final AppCheck apps;
    private final DirectAppend direct;
    private final LogEditor logs;
    private final ProducerCheck producers;
    private final Metrics metrics;

    LogWriter(
            JsonBodyDecoder decoder,
            AppCheck apps,
            ProducerCheck producers,
            DirectAppend direct,
            LogEditor logs,
            Metrics metrics) {
        this.decoder = decoder;
        this.apps = apps;
        this.producers = producers;
        this.direct = direct;
        this.logs = logs;
        this.metrics = metrics;
    }

    /**
     * Stores the records.
     *
     * @param key the producer's name for the request, or null
     * @return what was stored now; what was stored before is not in it
     * @throws InvalidBodyException when one is invalid
     */
    List<StoredLog> write(
            byte @Nullable [] body, @Nullable String key, HttpServletRequest request, HttpServletResponse response) {
        return store(accept(body, key, request, response));
    }

    /** As {@link #write}, for a body that must hold one record. */
    List<StoredLog> writeOne(
            byte @Nullable [] body, @Nullable String key, HttpServletRequest request, HttpServletResponse response) {
        Batch accepted = accept(body, key, request, response);
        if (accepted.size() > 1) {
            throw new InvalidBodyException(
                    400, "too_many_records", "send one record here, or all of them to /api/v1/bulk_logs/");
        }
        return store(accepted);
    }

    private Batch accept(
            byte @Nullable [] body, @Nullable String key, HttpServletRequest request, HttpServletResponse response) {
        try {
            Batch decoded = decoder.decode(body, ALL_OR_NOTHING, key);
            if (!ProducerCheck.applies(request)) {
                return apps.check(decoded, ALL_OR_NOTHING, null);
            }
            producers.charge(decoded, request, response);
            return producers.check(decoded, request, response, ALL_OR_NOTHING, key);
        } catch (InvalidBodyException e) {
            throw e.rejections().isEmpty() || e.status() != BAD_REQUEST ? e : refused(e.rejections());
        }
    }

    private List<StoredLog> store(Batch accepted) {
        LogEditor.Inserted inserted = logs.insert(direct.toStore(accepted, null));
        Batch answer = direct.toAnswer(inserted.batch(), accepted);
        if (!answer.rejections().isEmpty()) {
            throw refused(answer.rejections());
        }
        metrics.accepted(answer);
        if (inserted.logs().isEmpty()) {
            throw new ConflictException("stored_before", "the records were stored before, under the same key");
        }
        return inserted.logs();
    }

    private static InvalidBodyException refused(List<Rejection> rejections) {
        Rejection first = rejections.get(0);
        return new InvalidBodyException(
                400,
                "invalid_record",
                "record " + first.index() + ": " + first.error() + "; nothing was stored",
                rejections);
    }
}
