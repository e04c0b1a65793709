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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;

/** Has its own URLs, keys, clock, faults, journal and findings. */
record Sandbox(String url, String controlUrl, String token, Doctors.Settings settings)
        implements CloseableResource, AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param token the control token, which a mock in a container wants */
    static Sandbox create(String mock, String token) {
        JsonNode made = call("POST", mock + "/_mock/sandboxes", token, "");
        JsonNode clinic = made.get("clinics").get(0);
        for (JsonNode each : made.get("clinics")) if (each.get("clinic").asText().equals("bianchi")) clinic = each;
        JsonNode key = clinic.get("keys").get(0);
        return new Sandbox(
                mock + "/_mock/sandboxes/" + made.get("id").asText(),
                made.get("controlUrl").asText(),
                token,
                new Doctors.Settings(
                        made.get("baseUrl").asText(),
                        clinic.get("tokenUrl").asText(),
                        key.get("clientId").asText(),
                        key.get("clientSecret").asText()));
    }

    void fault(String json) {
        call("POST", controlUrl + "/faults", token, json);
    }

    void revokeKey() {
        call("POST", controlUrl + "/keys/" + settings.clientId() + "/revoke", token, "");
    }

    List<String> findings() {
        return call("GET", controlUrl + "/findings?ended=true", token, "").findValuesAsText("message");
    }

    @Override
    public void close() {
        call("DELETE", url, token, "");
    }

    static void waitUntilReady(String mock) {
        for (Instant end = Instant.now().plusSeconds(10); ; ) {
            try {
                call("GET", mock + "/_mock/health", "", "");
                return;
            } catch (UncheckedIOException error) {
                if (Instant.now().isAfter(end)) throw error;
                LockSupport.parkNanos(50_000_000);
            }
        }
    }

    /** Calls the control API. */
    private static JsonNode call(String method, String url, String token, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + token)
                .method(method, BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());
            if (answer.statusCode() < 300) return JSON.readTree(answer.body());
            throw new IOException(method + " " + url + ": HTTP " + answer.statusCode());
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        } catch (InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }
}
