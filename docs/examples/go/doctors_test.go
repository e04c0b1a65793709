package doctors

import (
	"errors"
	"testing"
)

func newClient(t *testing.T, box *sandbox) *Client {
	t.Helper()
	client, err := NewClient(box.settings)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestListsTheDoctors(t *testing.T) {
	t.Parallel()
	doctors, err := newClient(t, newSandbox(t)).List()
	if err != nil || len(doctors) != 3 {
		t.Errorf("got %v, %v", doctors, err)
	}
}

func TestRepeatsACallAfter503(t *testing.T) {
	t.Parallel()
	box := newSandbox(t)
	client := newClient(t, box)
	box.change("/faults", map[string]any{"operationId": "listDoctors", "status": 503, "count": 1})
	doctors, err := client.List()
	if err != nil || len(doctors) != 3 {
		t.Errorf("got %v, %v", doctors, err)
	}
}

func TestSaysThatTheKeyWasRevoked(t *testing.T) {
	t.Parallel()
	box := newSandbox(t)
	client := newClient(t, box)
	box.change("/keys/"+box.settings.ClientID+"/revoke", nil)
	if _, err := client.List(); !errors.Is(err, ErrKeyRevoked) {
		t.Errorf("got %v", err)
	}
}
