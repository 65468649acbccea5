package daemon

import (
	"os/exec"
	"testing"
)

// Processes of sessions of their own that outlive the test and ignore what one is asked with.
func TestDaemon(t *testing.T) {
	for i := 0; i < 3; i++ {
		cmd := exec.Command("setsid", "sh", "-c", "trap '' TERM HUP INT QUIT; sleep 7654321 & exec sleep 7654321")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
	}
}
