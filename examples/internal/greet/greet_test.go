package greet

import (
	"errors"
	"testing"
)

func TestHello(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		err            error
	}{
		{"plain", "gopher", "Hello, gopher!", nil},
		{"blanks around", "  Ada ", "Hello, Ada!", nil},
		{"empty", "", "", ErrNoName},
		{"only blanks", " \t", "", ErrNoName},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Hello(c.in)
			if got != c.want || !errors.Is(err, c.err) {
				t.Errorf("Hello(%q) = %q, %v; want %q, %v", c.in, got, err, c.want, c.err)
			}
		})
	}
}

func FuzzHello(f *testing.F) {
	f.Add("gopher")
	f.Fuzz(func(t *testing.T, name string) {
		if got, err := Hello(name); (got == "") != (err != nil) {
			t.Errorf("Hello(%q) = %q, %v", name, got, err)
		}
	})
}
