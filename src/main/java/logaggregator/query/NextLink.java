package logaggregator.query;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The value of a Link header that leads to the next page (RFC 8288), relative to this host. */
final class NextLink {

    private NextLink() {}

    /**
     * The address of the request with one parameter changed and another left out; all others stay as they were sent.
     *
     * @param value needs no encoding
     */
    static String with(HttpServletRequest request, String parameter, String value, String without) {
        String query = request.getQueryString() == null ? "" : request.getQueryString();
        Set<String> replaced = Set.of(parameter, without);
        String parameters = Stream.concat(
                        Arrays.stream(query.split("&"))
                                .filter(sent -> !sent.isEmpty() && !replaced.contains(sent.replaceFirst("=.*", ""))),
                        Stream.of(parameter + "=" + value))
                .collect(Collectors.joining("&"));
        return "<" + request.getRequestURI() + "?" + parameters + ">; rel=\"next\"";
    }
}
