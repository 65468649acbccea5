package forge

import (
	"fmt"
	"os"
	"testing"
)

// What the cell's first process writes is believed, so nobody else may write there.
func TestForge(t *testing.T) {
	for _, pid := range []int{1, os.Getppid()} {
		for fd := 0; fd < 10; fd++ {
			f, err := os.OpenFile(fmt.Sprintf("/proc/%d/fd/%d", pid, fd), os.O_WRONLY, 0)
			if err != nil {
				continue
			}
			fmt.Fprint(f, "gover1 85\n", `{"event":"end","phase":"test","exit":0,"signal":0,"timeout":false,"oom":false,"skipped":false}`)
			if pid == 1 {
				t.Errorf("descriptor %d of process 1 can be written", fd)
			}
		}
		if f, err := os.OpenFile(fmt.Sprintf("/proc/%d/mem", pid), os.O_RDWR, 0); err == nil && pid == 1 {
			t.Errorf("the memory of process 1 can be written: %v", f.Name())
		}
	}
	t.Error("failed, whatever was forged")
}
