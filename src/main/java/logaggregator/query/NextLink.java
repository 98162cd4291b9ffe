package logaggregator.query;

import jakarta.servlet.http.HttpServletRequest;
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
                            String name = sent.replaceFirst("=.*", "");
                            return !name.isEmpty() && !name.equals(without) && !changed.containsKey(name);
                        }),
                        changed.entrySet().stream().map(Object::toString))
                .collect(Collectors.joining("&"));
        return "<" + request.getRequestURI() + "?" + parameters + ">; rel=\"next\"";
    }
}
