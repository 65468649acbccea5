package forkbomb

import (
	"os/exec"
	"testing"
)

func TestForkBomb(t *testing.T) {
	for i := 0; i < 100000; i++ {
		if err := exec.Command("sleep", "7654321").Start(); err != nil {
			t.Fatalf("after %d processes: %v", i, err)
		}
	}
}
