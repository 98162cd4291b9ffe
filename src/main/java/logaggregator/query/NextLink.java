package logaggregator.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The value of a Link header that leads to the next page (RFC 8288), relative to this host. */
final class NextLink {

    private NextLink() {}

    /**
     * The address of the request with some parameters changed and another left out; all others stay as they were sent.
     *
     * @param changed values that need no encoding
     */
    static String with(HttpServletRequest request, Map<String, String> changed, String without) {
        String query = request.getQueryString() == null ? "" : request.getQueryString();
        String parameters = Stream.concat(
                        Arrays.stream(query.split("&")).filter(sent -> {
                            String name = URLDecoder.decode(sent.replaceFirst("=.*", ""), UTF_8);
                            return !name.isEmpty() && !name.equals(without) && !changed.containsKey(name);
                        }),
                        changed.entrySet().stream().map(Object::toString))
                .collect(Collectors.joining("&"));
        return "<" + request.getRequestURI() + "?" + parameters + ">; rel=\"next\"";
    }
}
