package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
)

func get(t *testing.T, path string) (int, map[string]string) {
	t.Helper()
	w := httptest.NewRecorder()
	handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	body := map[string]string{}
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("%s: %v in %q", path, err, w.Body)
	}
	return w.Code, body
}

func TestHandler(t *testing.T) {
	for _, c := range []struct {
		path   string
		status int
		key    string
		want   string
	}{
		{"/hello?name=gopher", http.StatusOK, "message", "Hello, gopher!"},
		{"/hello", http.StatusBadRequest, "error", "greet: no name"},
		{"/version", http.StatusOK, "go", runtime.Version()},
	} {
		status, body := get(t, c.path)
		if status != c.status || body[c.key] != c.want {
			t.Errorf("%s: %d %v; want %d, %s = %q", c.path, status, body, c.status, c.key, c.want)
		}
	}
}
