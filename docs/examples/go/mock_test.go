package doctors

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"
)

var mockURL = os.Getenv("ARZAMED_MOCK_URL")

// TestMain starts one mock for all tests of the package, if none is running.
func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	if mockURL == "" {
		mock := exec.Command("arzamed", "mock", "--port", "0", "--json")
		mock.Stderr = os.Stderr
		printed, err := mock.StdoutPipe()
		if err == nil {
			err = mock.Start()
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 2
		}
		defer mock.Wait()
		defer mock.Process.Signal(os.Interrupt)
		var started struct{ URL string }
		if err := json.NewDecoder(printed).Decode(&started); err != nil {
			fmt.Fprintln(os.Stderr, "arzamed mock did not start:", err)
			return 2
		}
		mockURL = started.URL
	}
	if err := waitUntilReady(10 * time.Second); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	return m.Run()
}

func waitUntilReady(limit time.Duration) error {
	for end := time.Now().Add(limit); ; time.Sleep(50 * time.Millisecond) {
		err := call(http.MethodGet, mockURL+"/_mock/health", nil, nil)
		if err == nil || time.Now().After(end) {
			return err
		}
	}
}

// call calls the control API. A mock in a container wants its control token.
func call(method, url string, body, result any) error {
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			return err
		}
	}
	request, err := http.NewRequest(method, url, &content)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("ARZAMED_CONTROL_TOKEN"))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		return fmt.Errorf("%s %s: HTTP %d", method, url, answer.StatusCode)
	}
	if result == nil {
		return nil
	}
	return json.NewDecoder(answer.Body).Decode(result)
}

// sandbox has its own URLs, keys, clock, faults, journal and findings.
type sandbox struct {
	t          *testing.T
	controlURL string
	settings   Settings
}

// newSandbox fails the test whose program did something wrong, though its result was right.
func newSandbox(t *testing.T) *sandbox {
	t.Helper()
	var made struct {
		ID, BaseURL, ControlURL string
		Clinics                 []struct {
			Clinic, TokenURL string
			Keys             []struct{ ClientID, ClientSecret string }
		}
	}
	if err := call(http.MethodPost, mockURL+"/_mock/sandboxes", nil, &made); err != nil {
		t.Fatal(err)
	}
	box := &sandbox{t: t, controlURL: made.ControlURL}
	for _, each := range made.Clinics {
		if each.Clinic == "bianchi" {
			box.settings = Settings{made.BaseURL, each.TokenURL, each.Keys[0].ClientID, each.Keys[0].ClientSecret}
		}
	}
	t.Cleanup(func() {
		var listed struct{ Findings []struct{ Message string } }
		if err := call(http.MethodGet, box.controlURL+"/findings?ended=true", nil, &listed); err != nil {
			t.Error(err)
		}
		for _, finding := range listed.Findings {
			t.Error(finding.Message)
		}
		if err := call(http.MethodDelete, mockURL+"/_mock/sandboxes/"+made.ID, nil, nil); err != nil {
			t.Error(err)
		}
	})
	return box
}

// change sends a request to the sandbox's control API.
func (box *sandbox) change(path string, body any) {
	box.t.Helper()
	if err := call(http.MethodPost, box.controlURL+path, body, nil); err != nil {
		box.t.Fatal(err)
	}
}
