package logaggregator.query;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** The value of a Link header that leads to the next page (RFC 8288), relative to this host. */
final class NextLink {

    private NextLink() {}

    /** The address of the request with one parameter changed and another left out. */
    static String with(HttpServletRequest request, String parameter, String value, String without) {
        return "<"
                + ServletUriComponentsBuilder.fromRequest(request)
                        .scheme(null)
                        .host(null)
                        .port(null)
                        .replaceQueryParam(without)
                        .replaceQueryParam(parameter, value)
                        .toUriString()
                + ">; rel=\"next\"";
    }
}
