// A program as an integrator writes it, with Go's standard library: it prints the names of a list, fetched twice.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

const scope = "https://api.nextgen.arzamed.com/read"

var client = http.Client{
	Timeout:       3 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}
var token string

func send(method, address, body string, prepare func(*http.Request)) (*http.Response, []byte, error) {
	request, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	prepare(request)
	answer, err := client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return answer, text, err
}

func pause(attempt int) time.Duration { return 100 * time.Millisecond << attempt }

func requestToken() error {
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {scope}}.Encode()
	status := 0
	for attempt := 0; attempt < 3; attempt++ {
		answer, text, err := send("POST", os.Getenv("ARZAMED_TOKEN_URL"), form, func(request *http.Request) {
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			request.SetBasicAuth(os.Getenv("ARZAMED_CLIENT_ID"), os.Getenv("ARZAMED_CLIENT_SECRET"))
		})
		if err != nil {
			return err
		}
		status = answer.StatusCode
		if status == 200 {
			var given struct {
				AccessToken string `json:"access_token"`
			}
			err = json.Unmarshal(text, &given)
			token = given.AccessToken
			return err
		}
		if status != 503 {
			break
		}
		time.Sleep(pause(attempt))
	}
	return fmt.Errorf("the token endpoint answered %d", status)
}

type item struct{ Name string }

func fetchList() ([]item, error) {
	renewed := false
	status := 0
	for attempt := 0; attempt < 4; attempt++ {
		if token == "" {
			if err := requestToken(); err != nil {
				return nil, err
			}
		}
		answer, text, err := send("GET", os.Getenv("ARZAMED_BASE_URL")+"/equipe/doctors", "", func(request *http.Request) {
			request.Header.Set("Authorization", "Bearer "+token)
		})
		if err != nil {
			return nil, err
		}
		status = answer.StatusCode
		switch {
		case status == 200:
			if !strings.HasPrefix(answer.Header.Get("Content-Type"), "application/json") {
				return nil, fmt.Errorf("the answer is no JSON")
			}
			var items []item
			err = json.Unmarshal(text, &items)
			return items, err
		case status == 401 && !renewed:
			renewed, token = true, ""
		case status == 429 || status == 503:
			wait := pause(attempt)
			if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil {
				wait = time.Duration(seconds) * time.Second
			}
			time.Sleep(wait)
		default:
			return nil, fmt.Errorf("the API answered %d", status)
		}
	}
	return nil, fmt.Errorf("the API answered %d", status)
}

func main() {
	items, err := fetchList()
	if err == nil {
		_, err = fetchList()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, each := range items {
		fmt.Println(each.Name)
	}
}
