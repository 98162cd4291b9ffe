package logaggregator.query;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import logaggregator.access.Access;
import logaggregator.app.App;
import logaggregator.app.AppDirectory;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Applications: register, list, change, delete. */
@RestController
@OnApiRole
@RequestMapping("/api/v1/apps")
@Tag(name = "Apps")
class AppsController {

    private static final String DEFAULT_LIMIT = "1000";
    private static final int MAX_LIMIT = 1_000;

    private final AppDirectory apps;

    AppsController(AppDirectory apps) {
        this.apps = apps;
    }

    @Operation(
            operationId = "create_app",
            summary = "Register an app",
            description = "An app is also created when its first log comes.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            schema = @Schema(implementation = AppBody.Fields.class))))
    @ApiResponse(
            responseCode = "201",
            description = "The app",
            useReturnTypeSchema = true,
            headers =
                    @Header(
                            name = "Location",
                            description = "Where it is",
                            required = true,
                            schema = @Schema(type = "string")))
    @ApiResponse(responseCode = "400", ref = "#/components/responses/InvalidApp")
    @ApiResponse(responseCode = "409", ref = "#/components/responses/DuplicateApp")
    @PostMapping
    @KnownParameters({})
    ResponseEntity<App> create(@RequestBody(required = false) byte @Nullable [] json) {
        AppBody body = AppBody.parse(json);
        App app = apps.create(body.name(), body.description(), body.retentionDays());
        if (app == null) {
            throw new ConflictException("duplicate_app", "there is an app of that name");
        }
        return ResponseEntity.created(URI.create("/api/v1/apps/" + app.id())).body(app);
    }

    @Operation(operationId = "list_apps", summary = "List apps")
    @ApiResponse(responseCode = "504", ref = "#/components/responses/QueryTimeout")
    @ApiResponse(
            responseCode = "200",
            description = "Apps by id",
            useReturnTypeSchema = true,
            headers = @Header(name = "Link", ref = "#/components/headers/Next"))
    @GetMapping
    @KnownParameters({"name", "after", "skip", "limit"})
    List<App> list(
            @Parameter(description = "Only the app of this name")
                    @RequestParam(name = "name", required = false)
                    @Nullable
                    String name,
            @Parameter(description = "Only apps of a larger id; from `Link`")
                    @RequestParam(name = "after", defaultValue = "0")
                    int after,
            @Parameter(description = "How many apps to leave out")
                    @RequestParam(name = "skip", defaultValue = "0")
                    @Min(0)
                    int skip,
            @Parameter(description = "How many apps at most")
                    @RequestParam(name = "limit", defaultValue = DEFAULT_LIMIT)
                    @Min(1)
                    @Max(MAX_LIMIT)
                    int limit,
            Access access,
            HttpServletRequest request,
            HttpServletResponse response) {
        List<App> found = access.hasAllApps()
                ? apps.list(name, after, skip, limit + 1)
                : own(access, name, after, skip, limit + 1);
        if (found.size() > limit) {
            String last = Integer.toString(found.get(limit - 1).id());
            response.setHeader(HttpHeaders.LINK, NextLink.with(request, Map.of("after", last), "skip"));
        }
        return found.stream().limit(limit).toList();
    }

    /** Those that a key is restricted to: few, so each is asked for. */
    private List<App> own(Access access, @Nullable String name, int after, int skip, int limit) {
        return access.apps().stream()
                .filter(own -> name == null || own.equals(name))
                .flatMap(own -> apps.list(own, after, 0, 1).stream())
                .sorted(Comparator.comparingInt(App::id))
                .skip(skip)
                .limit(limit)
                .toList();
    }

    @Operation(operationId = "get_app", summary = "Get an app")
    @ApiResponse(responseCode = "504", ref = "#/components/responses/QueryTimeout")
    @ApiResponse(responseCode = "200", description = "The app", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", ref = "#/components/responses/NotFound")
    @GetMapping("/{id}")
    @KnownParameters({})
    App one(@PathVariable("id") int id, Access access) {
        App app = apps.get(id);
        return found(id, app != null && access.hasApp(app.name()) ? app : null);
    }

    @Operation(
            operationId = "change_app",
            summary = "Change an app",
            description = "What isn't named stays, `null` takes it away. The name can't be changed: the logs bear it.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            schema = @Schema(implementation = AppBody.Changes.class))))
    @ApiResponse(responseCode = "200", description = "The app", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "400", ref = "#/components/responses/InvalidApp")
    @ApiResponse(responseCode = "404", ref = "#/components/responses/NotFound")
    @PatchMapping("/{id}")
    @KnownParameters({})
    App change(@PathVariable("id") int id, @RequestBody(required = false) byte @Nullable [] json) {
        AppBody body = AppBody.parse(json);
        return found(id, apps.update(body.change(found(id, apps.get(id)))));
    }

    @Operation(
            operationId = "delete_app",
            summary = "Delete an app",
            description = "Its logs are out of sight at once and removed in the background.")
    @ApiResponse(responseCode = "200", description = "The deleted app", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", ref = "#/components/responses/NotFound")
    @DeleteMapping("/{id}")
    @KnownParameters({})
    App delete(@PathVariable("id") int id) {
        return found(id, apps.delete(id));
    }

    private static App found(int id, @Nullable App app) {
        if (app == null) {
            throw new NotFoundException("there is no app " + id);
        }
        return app;
    }
}
