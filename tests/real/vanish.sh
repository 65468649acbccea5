#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: vanish.sh GOVER VERSION
# Engines that fail in the middle: a Docker that is killed while a cell runs, a socket that accepts a connection and
# never answers, an engine that refuses the image. gover then knows nothing about the project, so it soon ends as
# inconclusive, with exit 3.
set -eu
# shellcheck source=tests/real/begin.sh
. "$(dirname "$0")/begin.sh"

gover=$1 version=$2 engine=docker
unset DOCKER_HOST
need_engine "engines that vanish"
cp -R "$top/tests/real/hostile" "$work/hostile"
chmod -R u+w "$work/hostile"
cd "$work/hostile"

# validate NAME: write the exit status to $work/NAME.status.
validate()
{
	status=0
	timeout -k 5 200 "$gover" validate "$version" --engine docker --phase test --packages ./sleep --timeout 100s \
		--report "json=$work/$1.json" >"$work/$1.log" 2>&1 || status=$?
	echo "$status" >"$work/$1.status"
}

inconclusive()
{
	[ "$(cat "$work/$1.status")" = 3 ] && jq -e '.cells[0].verdict == "inconclusive" and .cells[0].class == "infrastructure" and
		.summary.exit == 3' "$work/$1.json" || {
		cat "$work/$1.log"
		return 1
	}
}

# wait_for SECONDS COMMAND...
wait_for()
{
	tries=$(($1 * 5))
	shift
	until "$@"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.2
	done
}

agent_runs()
{
	[ -n "$(agents_of "$work/hostile")" ]
}

validate killed &
validation=$!
run "the cell runs" wait_for 100 agent_runs
began=$(date +%s)
kill -9 "$(cat "$work/docker.pid")"
wait "$validation" || :
run "Docker is killed: inconclusive, exit 3" inconclusive killed
run "and gover notices at once" test $(($(date +%s) - began)) -lt 30

# A fake of the Engine API 1.41 that never answers (hang), or refuses only the image (refuse).
cat >"$work/fake.py" <<'FAKE'
import http.server, json, socket, socketserver, sys

path, mode = sys.argv[1:]

class Engine(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def reply(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Api-Version", "1.41")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Transfer-Encoding") == "chunked":
            while (size := int(self.rfile.readline(), 16)) > 0:
                self.rfile.read(size + 2)
            self.rfile.readline()
        if self.path.endswith("/_ping"):
            return self.reply(200, "OK")
        if self.path.endswith("/version"):
            return self.reply(200, {"Version": "20.10.24", "ApiVersion": "1.41", "MinAPIVersion": "1.12", "Os": "linux",
                                    "Arch": "amd64"})
        if self.path.endswith("/info"):
            return self.reply(200, {"NCPU": 2, "SecurityOptions": [], "OSType": "linux", "Architecture": "x86_64", "OperatingSystem": "fake", "CgroupDriver": "cgroupfs", "Name": "fake", "ID": "FAKE",
                                    "CgroupVersion": "1", "MemTotal": 1 << 34, "PidsLimit": True, "MemoryLimit": True})
        if "/containers/json" in self.path or "/images/json" in self.path:
            return self.reply(200, [])
        if "/volumes" in self.path:
            return self.reply(200, {"Volumes": [], "Warnings": []})
        if "/images/load" in self.path:
            return self.reply(500, {"message": "write /var/lib/docker/tmp/x: no space left on device"})
        self.reply(404, {"message": "No such image"})

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer

    def log_message(self, *_):
        pass

    def address_string(self):
        return "unix"

class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

if mode == "refuse":
    Server(path, Engine).serve_forever()
s = socket.socket(socket.AF_UNIX)
s.bind(path)
s.listen(100)
kept = []
while True:
    kept.append(s.accept())
FAKE

# against_fake MODE
against_fake()
{
	python3 "$work/fake.py" "$work/$1.sock" "$1" &
	fake=$!
	engine_pids="$engine_pids $fake"
	wait_for 20 test -S "$work/$1.sock"
	DOCKER_HOST=unix://$work/$1.sock validate "$1"
	kill "$fake"
	wait "$fake" 2>/dev/null || :
}

against_fake refuse
run "the image cannot be loaded: inconclusive, exit 3" inconclusive refuse
run "and gover prints the engine's own words" grep -F "no space left on device" "$work/refuse.log"
began=$(date +%s)
against_fake hang
run "the socket hangs: an error within a minute" test $(($(date +%s) - began)) -lt 60
run "which names the socket" grep -F hang.sock "$work/hang.log"
check "and exits 3" grep -vx 3 "$work/hang.status"
tap_done
