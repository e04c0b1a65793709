import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/** The program under test: replace it by yours. */
final class Doctors {
    static final class KeyRevoked extends RuntimeException {}

    record Settings(String baseUrl, String tokenUrl, String clientId, String clientSecret) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Settings settings;
    private final String token;

    Doctors(Settings settings) throws IOException, InterruptedException {
        this.settings = settings;
        String basic = settings.clientId() + ":" + settings.clientSecret();
        String form = "grant_type=client_credentials&scope=https%3A%2F%2Fapi.nextgen.arzamed.com%2Fread";
        HttpRequest request = request(settings.tokenUrl(), "Basic " + encoded(basic))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .build();
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) throw new IOException("Token request: HTTP " + answer.statusCode());
        token = JSON.readTree(answer.body()).get("access_token").asText();
    }

    JsonNode list() throws IOException, InterruptedException {
        HttpRequest request = request(settings.baseUrl() + "/equipe/doctors", "Bearer " + token).build();
        for (int attempt = 1; ; attempt++) {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() == 200) return JSON.readTree(answer.body());
            if (answer.statusCode() == 403) throw new KeyRevoked();
            if (answer.statusCode() != 503 || attempt == 3) throw new IOException("Doctors: HTTP " + answer.statusCode());
            Thread.sleep(attempt * ThreadLocalRandom.current().nextLong(100, 200));
        }
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static HttpRequest.Builder request(String url, String authorization) {
        return HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", authorization);
    }
}
