import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.regex.Pattern;

class DoctorsHttpClient {
  public static void main(String[] args) throws Exception {
    var client = HttpClient.newHttpClient();
    var key = System.getenv("ARZAMED_CLIENT_ID") + ":" + System.getenv("ARZAMED_CLIENT_SECRET");
    var form = "grant_type=client_credentials&scope=https%3A%2F%2Fapi.nextgen.arzamed.com%2Fread";
    var ask = HttpRequest.newBuilder(URI.create(System.getenv("ARZAMED_TOKEN_URL")))
        .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(key.getBytes()))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(form)).build();
    var found = Pattern.compile("\"access_token\":\"([^\"]+)\"").matcher(client.send(ask, BodyHandlers.ofString()).body());
    found.find();
    var doctors = HttpRequest.newBuilder(URI.create("https://api.nextgen.arzamed.com/api/v1/equipe/doctors"))
        .header("Authorization", "Bearer " + found.group(1)).build();
    System.out.println(client.send(doctors, BodyHandlers.ofString()).body());
  }
}
