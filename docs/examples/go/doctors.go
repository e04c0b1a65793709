// Package doctors is the program under test: replace it by yours.
package doctors

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// ErrKeyRevoked means that a person has to ask for a new key.
var ErrKeyRevoked = errors.New("the key was revoked or has expired")

type Settings struct{ BaseURL, TokenURL, ClientID, ClientSecret string }

type Doctor struct{ Name string }

type Client struct {
	http    http.Client
	baseURL string
	token   string
}

func NewClient(settings Settings) (*Client, error) {
	client := &Client{http: http.Client{Timeout: 10 * time.Second}, baseURL: settings.BaseURL}
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {"https://api.nextgen.arzamed.com/read"}}
	request, err := http.NewRequest(http.MethodPost, settings.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	request.SetBasicAuth(url.QueryEscape(settings.ClientID), url.QueryEscape(settings.ClientSecret))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var issued struct {
		AccessToken string `json:"access_token"`
	}
	status, err := client.send(request, &issued)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("token request: HTTP %d", status)
	}
	client.token = issued.AccessToken
	return client, err
}

func (client *Client) List() ([]Doctor, error) {
	for attempt := 1; ; attempt++ {
		request, err := http.NewRequest(http.MethodGet, client.baseURL+"/equipe/doctors", nil)
		if err != nil {
			return nil, err
		}
		request.Header.Set("Authorization", "Bearer "+client.token)
		var doctors []Doctor
		status, err := client.send(request, &doctors)
		switch {
		case err != nil || status == http.StatusOK:
			return doctors, err
		case status == http.StatusForbidden:
			return nil, ErrKeyRevoked
		case status != http.StatusServiceUnavailable || attempt == 3:
			return nil, fmt.Errorf("doctors: HTTP %d", status)
		}
		time.Sleep(time.Duration(attempt*100+rand.Intn(100)) * time.Millisecond)
	}
}

// send reads the body of a successful answer.
func (client *Client) send(request *http.Request, body any) (int, error) {
	answer, err := client.http.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return answer.StatusCode, nil
	}
	return answer.StatusCode, json.NewDecoder(answer.Body).Decode(body)
}
