package flood

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"testing"
)

// FLOOD_MB megabytes. go test keeps what a package prints until its tests are done.
func TestFlood(t *testing.T) {
	mb, err := strconv.Atoi(os.Getenv("FLOOD_MB"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("the first words")
	b := bytes.Repeat([]byte("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\n"), 1<<14)
	for i := 0; i < mb; i++ {
		os.Stdout.Write(b)
	}
	t.Fatal("the last words")
}
