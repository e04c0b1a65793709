import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program as an integrator writes it, with nothing but Java: it prints the texts of a list, fetched twice. */
public class Sync {
  static final String SCOPE = "https://api.nextgen.arzamed.com/read";
  static final HttpClient CLIENT = HttpClient.newHttpClient();
  static String token;

  static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return CLIENT.send(
        request.timeout(Duration.ofSeconds(5)).build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  static void pause(int attempt) throws InterruptedException {
    Thread.sleep(100L << attempt);
  }

  static String requestToken() throws IOException, InterruptedException {
    String pair = System.getenv("ARZAMED_CLIENT_ID") + ":" + System.getenv("ARZAMED_CLIENT_SECRET");
    String form = "grant_type=client_credentials&scope=" + URLEncoder.encode(SCOPE, StandardCharsets.UTF_8);
    int status = 0;
    for (int attempt = 0; attempt < 3; attempt++) {
      HttpResponse<String> answer =
          send(
              HttpRequest.newBuilder(URI.create(System.getenv("ARZAMED_TOKEN_URL")))
                  .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes()))
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(HttpRequest.BodyPublishers.ofString(form)));
      status = answer.statusCode();
      Matcher found = Pattern.compile("\"access_token\"\\s*:\\s*\"([^\"]+)\"").matcher(answer.body());
      if (status == 200 && found.find()) return found.group(1);
      if (status != 503) break;
      pause(attempt);
    }
    throw new IOException("the token endpoint answered " + status);
  }

  static String fetchList() throws IOException, InterruptedException {
    boolean renewed = false;
    int status = 0;
    for (int attempt = 0; attempt < 4; attempt++) {
      if (token == null) token = requestToken();
      HttpResponse<String> answer =
          send(
              HttpRequest.newBuilder(URI.create(System.getenv("ARZAMED_BASE_URL") + "/equipe/doctors"))
                  .header("Authorization", "Bearer " + token));
      status = answer.statusCode();
      if (status == 200) {
        String type = answer.headers().firstValue("Content-Type").orElse("");
        String body = answer.body().strip();
        // Java has no reader of JSON.
        if (!type.startsWith("application/json") || !body.startsWith("[") || !body.endsWith("]")) {
          throw new IOException("the answer is no list");
        }
        return body;
      }
      if (status == 401 && !renewed) {
        renewed = true;
        token = null;
      } else if (status == 429 || status == 503) {
        String seconds = answer.headers().firstValue("Retry-After").orElse(null);
        if (seconds == null) pause(attempt);
        else Thread.sleep(Long.parseLong(seconds) * 1000);
      } else {
        break;
      }
    }
    throw new IOException("the API answered " + status);
  }

  public static void main(String[] args) throws InterruptedException {
    try {
      String list = fetchList();
      fetchList();
      new PrintStream(System.out, true, StandardCharsets.UTF_8)
          .println(list.replace("\\\"", "\"").replace("\\\\", "\\"));
    } catch (IOException error) {
      System.err.println(error.getMessage());
      System.exit(1);
    }
  }
}
