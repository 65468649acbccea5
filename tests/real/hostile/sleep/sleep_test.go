package sleep

import (
	"testing"
	"time"
)

func TestSleep(t *testing.T) {
	time.Sleep(time.Hour)
}
