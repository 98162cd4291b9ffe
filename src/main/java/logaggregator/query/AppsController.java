package logaggregator.query;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.util.List;
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
class AppsController {

    private static final String DEFAULT_LIMIT = "1000";
    private static final int MAX_LIMIT = 1_000;

    private final AppDirectory apps;

    AppsController(AppDirectory apps) {
        this.apps = apps;
    }

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

    @GetMapping
    @KnownParameters({"name", "after", "skip", "limit"})
    List<App> list(
            @RequestParam(name = "name", required = false) @Nullable String name,
            @RequestParam(name = "after", defaultValue = "0") int after,
            @RequestParam(name = "skip", defaultValue = "0") @Min(0) int skip,
            @RequestParam(name = "limit", defaultValue = DEFAULT_LIMIT) @Min(1) @Max(MAX_LIMIT) int limit,
            HttpServletRequest request,
            HttpServletResponse response) {
        List<App> page = apps.list(name, after, skip, limit);
        if (page.size() == limit) {
            String last = Integer.toString(page.get(limit - 1).id());
            response.setHeader(HttpHeaders.LINK, NextLink.with(request, "after", last, "skip"));
        }
        return page;
    }

    @GetMapping("/{id}")
    @KnownParameters({})
    App one(@PathVariable("id") int id) {
        return found(id, apps.get(id));
    }

    @PatchMapping("/{id}")
    @KnownParameters({})
    App change(@PathVariable("id") int id, @RequestBody(required = false) byte @Nullable [] json) {
        AppBody body = AppBody.parse(json);
        return found(id, apps.update(body.change(found(id, apps.get(id)))));
    }

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
