// Package greet makes the answers of cmd/api.
package greet

import (
	"errors"
	"strings"
)

// ErrNoName is returned for a name that is empty or all blanks.
var ErrNoName = errors.New("greet: no name")

// Hello greets name.
func Hello(name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" {
		return "", ErrNoName
	}
	return "Hello, " + name + "!", nil
}
