// The vendor's quickstart, with Go's net/http.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
)

const baseURL = "https://api.nextgen.arzamed.com/api/v1"

func main() {
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {"https://api.nextgen.arzamed.com/read"}}
	request, err := http.NewRequest("POST", os.Getenv("ARZAMED_TOKEN_URL"), strings.NewReader(form.Encode()))
	check(err)
	request.SetBasicAuth(os.Getenv("ARZAMED_CLIENT_ID"), os.Getenv("ARZAMED_CLIENT_SECRET"))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var token struct {
		AccessToken string `json:"access_token"`
	}
	check(json.Unmarshal(send(request), &token))

	request, err = http.NewRequest("GET", baseURL+"/equipe/doctors", nil)
	check(err)
	request.Header.Set("Authorization", "Bearer "+token.AccessToken)
	fmt.Print(string(send(request)))
}

func send(request *http.Request) []byte {
	answer, err := http.DefaultClient.Do(request)
	check(err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	check(err)
	if answer.StatusCode != http.StatusOK {
		check(fmt.Errorf("answered with %s", answer.Status))
	}
	return body
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
