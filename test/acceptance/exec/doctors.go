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

func main() {
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {"https://api.nextgen.arzamed.com/read"}}
	ask, _ := http.NewRequest("POST", os.Getenv("ARZAMED_TOKEN_URL"), strings.NewReader(form.Encode()))
	ask.SetBasicAuth(os.Getenv("ARZAMED_CLIENT_ID"), os.Getenv("ARZAMED_CLIENT_SECRET"))
	ask.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var token struct {
		AccessToken string `json:"access_token"`
	}
	json.Unmarshal(send(ask), &token)
	doctors, _ := http.NewRequest("GET", "https://api.nextgen.arzamed.com/api/v1/equipe/doctors", nil)
	doctors.Header.Set("Authorization", "Bearer "+token.AccessToken)
	fmt.Println(string(send(doctors)))
}

func send(request *http.Request) []byte {
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	body, _ := io.ReadAll(answer.Body)
	return body
}
