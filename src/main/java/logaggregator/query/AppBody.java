package logaggregator.query;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import logaggregator.app.App;
import logaggregator.ingest.IngestLimits;
import logaggregator.ingest.InvalidBodyException;
import org.jspecify.annotations.Nullable;

/** What a client says about an application. */
final class AppBody {

    private static final int MAX_DESCRIPTION_LENGTH = 255;
    private static final int MAX_RETENTION_DAYS = 36_500;
    private static final SortedSet<String> FIELDS = new TreeSet<>(Set.of("name", "description", "retention_days"));

    private final JsonFields body;

    /** What a new application may have, for the description of the API. */
    @Schema(name = "NewApp", additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
    interface Fields extends Changes {
        @Schema(
                minLength = 1,
                maxLength = IngestLimits.MAX_NAME_LENGTH,
                example = "demo",
                requiredMode = Schema.RequiredMode.REQUIRED)
        String getName();
    }

    /** What of an application may be changed, for the description of the API. */
    @Schema(name = "AppChanges", additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
    interface Changes {
        @Schema(
                types = {"string", "null"},
                maxLength = MAX_DESCRIPTION_LENGTH,
                example = "Demo app")
        @Nullable
        String getDescription();

        @Schema(
                name = "retention_days",
                types = {"integer", "null"},
                minimum = "0",
                maximum = "" + MAX_RETENTION_DAYS,
                description = "0: for ever; null: as long as those of others",
                example = "30")
        @Nullable
        Integer getRetentionDays();
    }

    private AppBody(JsonFields body) {
        this.body = body;
    }

    /** @throws InvalidBodyException when it isn't an object with the fields of an application */
    static AppBody parse(byte @Nullable [] bytes) {
        return new AppBody(JsonFields.parse(bytes, FIELDS, "{\"name\":\"demo\"}", "invalid_app"));
    }

    String name() {
        return body.name();
    }

    @Nullable
    String description() {
        return body.text("description", MAX_DESCRIPTION_LENGTH);
    }

    @Nullable
    Integer retentionDays() {
        return body.number("retention_days", "for ever", MAX_RETENTION_DAYS);
    }

    /** The application with what the body says; what it doesn't name stays. */
    App change(App app) {
        if (body.has("name") && !name().equals(app.name())) {
            throw body.invalid("name can't be changed: the logs bear it");
        }
        return new App(
                app.id(),
                app.name(),
                body.has("description") ? description() : app.description(),
                body.has("retention_days") ? retentionDays() : app.retentionDays());
    }
}
