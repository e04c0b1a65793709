import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Base64;
import java.util.regex.Pattern;

/** The vendor's quickstart, with HttpsURLConnection. */
public class HttpsUrlConnectionDoctors {
    private static final String BASE_URL = "https://api.nextgen.arzamed.com/api/v1";

    public static void main(String[] args) throws Exception {
        String credentials = System.getenv("ARZAMED_CLIENT_ID") + ":" + System.getenv("ARZAMED_CLIENT_SECRET");
        HttpURLConnection tokens = open(System.getenv("ARZAMED_TOKEN_URL"));
        tokens.setRequestProperty("Authorization",
                "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes()));
        tokens.setDoOutput(true);
        tokens.getOutputStream()
                .write("grant_type=client_credentials&scope=https://api.nextgen.arzamed.com/read".getBytes());
        var token = Pattern.compile("\"access_token\":\"([^\"]*)\"").matcher(read(tokens));
        token.find();
        HttpURLConnection doctors = open(BASE_URL + "/equipe/doctors");
        doctors.setRequestProperty("Authorization", "Bearer " + token.group(1));
        System.out.print(read(doctors));
    }

    private static HttpURLConnection open(String url) throws Exception {
        return (HttpURLConnection) new URL(url).openConnection();
    }

    private static String read(HttpURLConnection connection) throws Exception {
        try (InputStream body = connection.getInputStream()) {
            return new String(body.readAllBytes(), "UTF-8");
        }
    }
}
