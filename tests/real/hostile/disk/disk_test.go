package disk

import (
	"os"
	"path/filepath"
	"testing"
)

func TestDisk(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "full"))
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 1<<20)
	for {
		if _, err := f.Write(b); err != nil {
			t.Fatal(err)
		}
	}
}
