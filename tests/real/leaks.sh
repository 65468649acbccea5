#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: leaks.sh GOVER ENGINE VERSION
# A project under test and other users of the machine must not get what the user's shell has: descriptors that gover
# inherited, and the environment. Runs as the caller; if that is root, as an ordinary user too. GOVER is bin/gover of an
# installed tree; ENGINE is bwrap or docker.
set -eu
# shellcheck source=tests/real/begin.sh
. "$(dirname "$0")/begin.sh"

gover=$1 engine=$2 version=$3
need_engine "what leaks into cells of $engine"
umask 022
chmod 0755 "$work"
# The ordinary user may not be allowed to enter the directory of this checkout.
cp -R "$(dirname "$gover")/.." "$work/installed"
gover=$work/installed/bin/gover
named=given-$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
secret=tok-$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
echo "$secret" >"$work/private"
chmod 0600 "$work/private"

mkdir "$work/project"
cat >"$work/project/go.mod" <<MOD
module example.com/leaks

go 1.18

require example.com/asked v1.0.0
MOD
cat >"$work/project/leaks.go" <<'GO'
package leaks

import _ "example.com/asked"
GO
# The cell prints its open descriptors and its environment.
mkdir "$work/cell"
printf 'module example.com/cell\n\ngo 1.18\n' >"$work/cell/go.mod"
cat >"$work/cell/cell_test.go" <<'GO'
package cell

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestDescriptors(t *testing.T) {
	for _, pid := range []string{"self", strconv.Itoa(os.Getppid()), "1"} {
		entries, err := os.ReadDir("/proc/" + pid + "/fd")
		if err != nil {
			continue
		}
		for _, e := range entries {
			to, err := os.Readlink("/proc/" + pid + "/fd/" + e.Name())
			if err == nil && (strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "/dev/null") && !strings.HasPrefix(to, "/proc/") && to != "/dev/full") {
				t.Errorf("leak: descriptor %s of %s is %s", e.Name(), pid, to)
			}
		}
	}
	for fd := uintptr(3); fd < 300; fd++ {
		buf := make([]byte, 256)
		if n, err := os.NewFile(fd, "fd").Read(buf); n > 0 && err == nil && strings.HasPrefix(string(buf), "tok-") {
			t.Errorf("leak: descriptor %d reads a secret", fd)
		}
	}
}

func TestEnvironment(t *testing.T) {
	if v := os.Getenv("LEAKS_SECRET"); v != "" {
		t.Error("leak: the user's environment")
	}
	if v := os.Getenv("LEAKS_NAMED"); !strings.HasPrefix(v, "given-") {
		t.Errorf("the variable given by name is %q", v)
	}
	// Long enough to be looked at from outside.
	time.Sleep(2 * time.Second)
}
GO

# A module proxy. While gover's helper asks it, it looks for the secret in every command line and in the records of
# cells.
cat >"$work/proxy.py" <<'PROXY'
import glob, http.server, os, sys

secret, found, port_file = sys.argv[1].encode(), sys.argv[2], sys.argv[3]

class Proxy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with open(found, "a") as out:
            print("asked", file=out)
            for path in glob.glob("/proc/[0-9]*/cmdline") + [p for d in sys.argv[4:] for p in glob.glob(d + "/*")]:
                try:
                    if int(path.split("/")[2]) == os.getpid():
                        continue
                except ValueError:
                    pass
                try:
                    if secret in open(path, "rb").read():
                        print("secret in", path, file=out)
                except OSError:
                    pass
        self.send_error(404)

    def log_message(self, *_):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Proxy)
with open(port_file + ".new", "w") as f:
    f.write(str(server.server_address[1]))
os.rename(port_file + ".new", port_file)
server.serve_forever()
PROXY

# as NAME COMMAND...: run as root, or as a user who owns nothing.
as()
{
	if [ "$1" = user ]; then
		shift
		setpriv --reuid=4321 --regid=4321 --clear-groups -- "$@"
	else
		shift
		"$@"
	fi
}

# Print processes of a cell, and mounts, that show to everybody what the user gave a cell by name. gover's own command
# line is exempt, because the user wrote it there.
named_in_sight()
{
	for pid in $(pgrep '^(bwrap|gover-agent|agent|go)$'); do
		! tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF "$named" || echo "named in the command line of $(cat "/proc/$pid/comm")"
		! grep -qF "$named" "/proc/$pid/mountinfo" || echo "named in a mount"
	done 2>/dev/null
}

# look NAME: run a fetch that the proxy watches, and a cell, both with open descriptors and a secret in the environment.
look()
{
	who=$1 store=$work/store-$1
	mkdir -p "$store/home"
	cp -al "${GOVER_ROOT:?}/sdks" "$store/sdks" 2>/dev/null || cp -R "$GOVER_ROOT/sdks" "$store/sdks"
	cp -R "$GOVER_ROOT/manifests" "$store/manifests"
	[ "$who" = root ] || chown 4321:4321 "$store" "$store/home" "$store/sdks" "$store/manifests"
	: >"$work/found.$who"
	chmod 0666 "$work/found.$who"
	python3 "$work/proxy.py" "$secret" "$work/found.$who" "$work/port.$who" "$store/cells" &
	proxy=$!
	engine_pids="$engine_pids $proxy"
	until [ -s "$work/port.$who" ]; do kill -0 "$proxy" && sleep 0.1; done
	set -- HOME="$store/home" GOVER_ROOT="$store" GOFLAGS= GOSUMDB=off LEAKS_SECRET="$secret" TMPDIR=/tmp
	(
		# More than fits into one argument of a program.
		for i in 0 1 2 3 4; do set -- "$@" "LEAKS_BIG$i=$(head -c 60000 /dev/zero | tr '\0' x)"; done
		cd "$work/project"
		as "$who" env "$@" GOPROXY="http://127.0.0.1:$(cat "$work/port.$who")" "$gover" validate "$version" --engine "$engine" \
			>"$work/fetch.$who" 2>&1 7<"$work/private" 8</ || :
		cd "$work/cell"
		as "$who" env "$@" "$gover" validate "$version" --engine "$engine" --env "LEAKS_NAMED=$named" --phase test \
			>"$work/cell.$who" 2>&1 7<"$work/private" 8</ 9>>"$work/found.$who" &
		validation=$! status=0
		while kill -0 "$validation" 2>/dev/null; do
			named_in_sight
			sleep 0.2
		done >>"$work/found.$who"
		wait "$validation" || status=$?
		echo "$status" >"$work/status.$who"
	)
	kill "$proxy"
}

leaks()
{
	grep -h "$1" "$work/found.$2" "$work/cell.$2" "$work/fetch.$2" | sort -u
}

# found_or PATTERN FILE OTHER: succeed if FILE has the pattern, otherwise print OTHER as the reason.
found_or()
{
	grep -q "$1" "$2" || {
		cat "$3"
		return 1
	}
}

look root
[ "$(id -u)" -ne 0 ] || ! command -v setpriv >/dev/null || {
	[ "$engine" != docker ] || chmod 0666 "${DOCKER_HOST#unix://}"
	look user
}
for who in root user; do
	[ -f "$work/status.$who" ] || continue
	run "$engine, $who: gover asked for the module" found_or asked "$work/found.$who" "$work/fetch.$who"
	check "$engine, $who: no secret in a command line or a record" leaks 'secret in' "$who"
	check "$engine, $who: a variable given by name is in no command line or mount" leaks '^named in' "$who"
	check "$engine, $who: no descriptor and no variable of the caller's in a cell" leaks 'leak:' "$who"
	run "$engine, $who: the cell runs, with a large environment around it" found_or '^0$' "$work/status.$who" "$work/cell.$who"
done
tap_done
