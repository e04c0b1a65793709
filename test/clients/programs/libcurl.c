/* Asks for the doctors by libcurl, with the bundle where it is told. It knows nothing of a mock. */
#include <curl/curl.h>
#include <stdlib.h>

int main(int count, char **arguments) {
  CURL *curl = curl_easy_init();
  struct curl_slist *headers = curl_slist_append(NULL, "Prefer: code=200");
  (void)arguments;
  curl_easy_setopt(curl, CURLOPT_URL, "https://api.nextgen.arzamed.com/api/v1/equipe/doctors");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  if (count > 1) curl_easy_setopt(curl, CURLOPT_CAINFO, getenv("SSL_CERT_FILE"));
  return curl_easy_perform(curl);
}
