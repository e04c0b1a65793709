import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.regex.Pattern;

/** The vendor's quickstart, with java.net.http. */
public class HttpClientDoctors {
    private static final String BASE_URL = "https://api.nextgen.arzamed.com/api/v1";

    public static void main(String[] args) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        String credentials = System.getenv("ARZAMED_CLIENT_ID") + ":" + System.getenv("ARZAMED_CLIENT_SECRET");
        String form = "grant_type=client_credentials&scope=https://api.nextgen.arzamed.com/read";
        String answer = send(client, HttpRequest.newBuilder(URI.create(System.getenv("ARZAMED_TOKEN_URL")))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes()))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
        var token = Pattern.compile("\"access_token\":\"([^\"]*)\"").matcher(answer);
        token.find();
        System.out.print(send(client, HttpRequest.newBuilder(URI.create(BASE_URL + "/equipe/doctors"))
                .header("Authorization", "Bearer " + token.group(1))));
    }

    private static String send(HttpClient client, HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) throw new IllegalStateException("Answered with " + answer.statusCode());
        return answer.body();
    }
}
