import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Base64;
import java.util.regex.Pattern;

class DoctorsUrlConnection {
  public static void main(String[] args) throws Exception {
    var key = System.getenv("ARZAMED_CLIENT_ID") + ":" + System.getenv("ARZAMED_CLIENT_SECRET");
    var ask = open(System.getenv("ARZAMED_TOKEN_URL"));
    ask.setRequestProperty("Authorization", "Basic " + Base64.getEncoder().encodeToString(key.getBytes()));
    ask.setDoOutput(true);
    ask.getOutputStream().write(
        "grant_type=client_credentials&scope=https%3A%2F%2Fapi.nextgen.arzamed.com%2Fread".getBytes());
    var found = Pattern.compile("\"access_token\":\"([^\"]+)\"").matcher(read(ask));
    found.find();
    var doctors = open("https://api.nextgen.arzamed.com/api/v1/equipe/doctors");
    doctors.setRequestProperty("Authorization", "Bearer " + found.group(1));
    System.out.println(read(doctors));
  }

  static HttpURLConnection open(String url) throws Exception {
    return (HttpURLConnection) URI.create(url).toURL().openConnection();
  }

  static String read(HttpURLConnection connection) throws Exception {
    return new String(connection.getInputStream().readAllBytes());
  }
}
