package logaggregator.support;

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
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The HTTP API of a running service, as a client sees it. Thread-safe. */
public final class Api {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client;
    private final String url;
    private final Duration patience;
    private final String key;

    public Api(int port) {
        this(port, Duration.ofSeconds(60));
    }

    /** @param patience how long an answer may take */
    public Api(int port, Duration patience) {
        this(
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
                "http://127.0.0.1:" + port,
                patience,
                null);
    }

    private Api(HttpClient client, String url, Duration patience, String key) {
        this.client = client;
        this.url = url;
        this.patience = patience;
        this.key = key;
    }

    /** The same, asked with a key. */
    public Api as(String otherKey) {
        return new Api(client, url, patience, otherKey);
    }

    /** An answer; its body if that is JSON. */
    public record Answer(int status, JsonNode body, HttpResponse<String> response) {

        /** The first header of that name; empty when there is none. */
        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    public Answer ingest(String body, String... headers) {
        return ingest(body.getBytes(StandardCharsets.UTF_8), headers);
    }

    public Answer ingest(byte[] body, String... headers) {
        return post("/api/v1/ingest/", body, headers);
    }

    public Answer post(String path, byte[] body, String... headers) {
        HttpRequest.Builder request = request(path).POST(BodyPublishers.ofByteArray(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    public Answer get(String path) {
        return send(request(path).GET());
    }

    public Answer patch(String path, String body) {
        return send(request(path).method("PATCH", BodyPublishers.ofString(body)));
    }

    public Answer delete(String path) {
        return send(request(path).DELETE());
    }

    /** Any request, without a body if that is null. */
    public Answer send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request =
                request(path).method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(patience);
        return key == null ? request : request.header("X-API-Key", key);
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
            boolean isJson =
                    response.headers().firstValue("Content-Type").orElse("").contains("json");
            JsonNode body = isJson
                    ? JSON.readTree(response.body())
                    : JSON.getNodeFactory().missingNode();
            return new Answer(response.statusCode(), body, response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
