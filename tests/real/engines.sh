#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: engines.sh BUILD
# Cells on real engines: Docker over its socket and over TLS, where nothing of this machine can be mounted, and Podman.
# They are started here, with all they keep in a directory of their own, and ended by their process ids. Needs root and
# the programs; what is missing is a skipped test that says so.
set -u
build=$(cd "$1" && pwd)
work=$(mktemp -d /tmp/gover-engines-XXXXXX)
pids=
engines=
far=
skipped=

stop()
{
	for pid in $pids; do
		kill "$pid" && wait "$pid"
	done
	awk -v w="$work/" 'index($2, w) == 1 { print $2 }' /proc/self/mounts | sort -r | while read -r dir; do
		umount -l "$dir"
	done
	rm -rf "$work"
} 2>/dev/null
trap stop EXIT
trap 'exit 130' INT TERM HUP

skip()
{
	skipped="$skipped$1
"
}

# The socket $1 answers within a minute.
answers()
{
	tries=0
	until curl -s -o /dev/null --unix-socket "$1" http://d/_ping; do
		tries=$((tries + 1))
		[ "$tries" -lt 120 ] && kill -0 "$2" 2>/dev/null || return 1
		sleep 0.5
	done
}

# A certificate authority, and a certificate for both sides.
make_certs()
{
	mkdir "$work/tls"
	cd "$work/tls" || return
	printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n' >ext
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=ca \
		-keyout ca-key.pem -out ca.pem &&
		openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=127.0.0.1 \
			-keyout key.pem -out both.csr &&
		openssl x509 -req -in both.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -extfile ext -out cert.pem
} 2>/dev/null

free_port()
{
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start_docker()
{
	command -v dockerd >/dev/null || {
		skip "docker: no program 'dockerd'"
		return
	}
	make_certs || {
		skip "docker: openssl makes no certificates"
		return
	}
	port=$(free_port)
	dockerd --data-root "$work/docker" --exec-root "$work/docker-exec" --pidfile "$work/docker.pid" \
		-H "unix://$work/docker.sock" -H "tcp://127.0.0.1:$port" --tlsverify \
		--tlscacert "$work/tls/ca.pem" --tlscert "$work/tls/cert.pem" --tlskey "$work/tls/key.pem" \
		--bridge=none --iptables=false --ip-forward=false --ip-masq=false >"$work/docker.log" 2>&1 &
	pids="$pids $!"
	if answers "$work/docker.sock" "$!"; then
		engines="$engines docker=unix://$work/docker.sock"
		far="remote=tcp://127.0.0.1:$port image=unix://$work/docker.sock"
	else
		skip "docker: dockerd does not start here: $(tail -n 1 "$work/docker.log" | tr -d '#')"
	fi
}

# runc, because the crun of Debian 12 does not know hybrid control groups.
start_podman()
{
	if ! command -v podman >/dev/null || ! command -v runc >/dev/null; then
		skip "podman: no program 'podman' or 'runc'"
		return
	fi
	podman --root "$work/podman" --runroot "$work/podman-run" --runtime "$(command -v runc)" --cgroup-manager cgroupfs \
		system service --time=0 "unix://$work/podman.sock" >"$work/podman.log" 2>&1 &
	pids="$pids $!"
	if answers "$work/podman.sock" "$!"; then
		engines="$engines podman=unix://$work/podman.sock"
	else
		skip "podman: its service does not start here: $(tail -n 1 "$work/podman.log" | tr -d '#')"
	fi
}

# A user's image with nothing but a shell, from this machine's files.
make_image()
{
	mkdir "$work/image"
	(
		cd "$work/image" || exit
		for file in /bin/sh $(ldd /bin/sh | grep -o '/[^ ]*'); do
			mkdir -p ".${file%/*}" && cp -L "$file" ".$file"
		done
		tar -cf - . | curl -sf -o /dev/null --unix-socket "$work/docker.sock" -X POST -H 'Content-Type: application/x-tar' \
			--data-binary @- 'http://d/images/create?fromSrc=-&repo=gover-test-image%3A1'
	)
}

if [ "$(id -u)" -eq 0 ]; then
	start_docker
	if [ -n "$far" ] && ! make_image; then
		far=
		skip "docker: no image can be made from this machine's shell"
	fi
	start_podman
else
	skip "docker, podman: only root can start one"
fi

# One TAP from the programs' own.
renumber()
{
	awk '/^(not )?ok / { sub(/ok [0-9]+/, "ok " ++n) } !/^1\.\./'
}

count=0
if [ -n "$engines" ]; then
	export DOCKER_CERT_PATH="$work/tls" DOCKER_TLS_VERIFY=1 top_builddir="$build"
	# shellcheck disable=SC2086 # words
	{
		"$build/tests/unit/engine_test" $engines </dev/null
		[ -z "$far" ] || "$build/tests/real/far_test" $far </dev/null
	} | renumber | tee "$work/tap"
	count=$(grep -cE '^(not )?ok ' "$work/tap")
	# Caches and what was kept on purpose stay.
	left=$(curl -s --unix-socket "$work/docker.sock" 'http://d/containers/json?all=1' |
		grep -o '"/gover-[^"]*"' | grep -v -- '-kept-[0-9]*"')
	count=$((count + 1))
	if [ -z "$left" ]; then
		echo "ok $count - docker: no container is left"
	else
		echo "not ok $count - docker: no container is left: $left"
	fi
fi
printf '%s' "$skipped" >"$work/skipped"
while read -r line; do
	count=$((count + 1))
	echo "ok $count - ${line%%:*} # SKIP ${line#*: }"
done <"$work/skipped"
echo "1..$count"
! grep -q '^not ok' "$work/tap" 2>/dev/null && [ -z "${left-}" ]
