package logaggregator.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A client of a service that finds fault with each answer that isn't as described. */
final class DescribedApi {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final int PATIENCE_SECONDS = 60;

    private final String url;
    private final Description description;
    private final String key;

    DescribedApi(int port, Description description) {
        this(port, description, null);
    }

    /** @param key that requests are sent with; or null */
    DescribedApi(int port, Description description, String key) {
        this.url = "http://127.0.0.1:" + port;
        this.description = description;
        this.key = key;
    }

    /** The description that a service gives of itself. */
    static Description description(int port) {
        return description(port, "none");
    }

    static Description description(int port, String key) {
        URI uri = URI.create("http://127.0.0.1:" + port + "/openapi.json");
        return new Description(json(send(HttpRequest.newBuilder(uri).header("X-API-Key", key))));
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        return send("POST", path, body, headers);
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (key != null) {
            request.header("X-API-Key", key);
        }
        HttpResponse<String> answer = send(headers.length == 0 ? request : request.headers(headers));
        description.check(
                method,
                path,
                answer.statusCode(),
                name -> answer.headers().firstValue(name).orElse(null),
                answer.body());
        return answer;
    }

    static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.sendAsync(request.build(), BodyHandlers.ofString(UTF_8))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
