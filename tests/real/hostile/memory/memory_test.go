package memory

import "testing"

var kept [][]byte

func TestMemory(t *testing.T) {
	for {
		b := make([]byte, 16<<20)
		for i := range b {
			b[i] = byte(i)
		}
		kept = append(kept, b)
	}
}
