package escape

import (
	"fmt"
	"testing"
)

func TestEscape(t *testing.T) {
	fmt.Print("\x1b[2J\x1b]0;owned\x07\r\x00\xff\xfe]]><script>\n")
	fmt.Print("::set-output name=owned::1\n::error file=a.go,line=1::owned\n##[group]owned\n::stop-commands::x\n")
	t.Run("a|b`c\"d", func(t *testing.T) { t.Error("\x1b[31m::add-mask::owned | ` <b>\u202eowned") })
}
