# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154
# Real engines for tests, to be sourced: Podman, and Docker over its socket and over TLS (where it can mount nothing of
# this machine). They keep everything in $work, the caller's own directory; stop_engines ends them by process id.
# start_docker and start_podman need root. They set $docker or $podman to the address and $remote to Docker's TLS
# address, or call `skip "NAME: REASON"`.
engine_pids=
docker=
podman=
remote=

# The process ids of the cells' agents that see a directory below $1.
agents_of()
{
	for pid in $(pgrep -f '^(/gover|\S*/gover)(/agent|-agent) --cell '); do
		! grep -qF "$1" "/proc/$pid/mountinfo" || echo "$pid"
	done
} 2>/dev/null

stop_engines()
{
	for pid in $engine_pids; do
		kill "$pid" && wait "$pid"
	done
	# What a daemon that was killed left running.
	{ agents_of "$work/"; pgrep -f "^\S*containerd-shim\S* .*$work/"; } | xargs -r kill -9
	awk -v w="$work/" 'index($2, w) == 1 { print $2 }' /proc/self/mounts | sort -r | while read -r dir; do
		umount -l "$dir"
	done
} 2>/dev/null

# Wait up to a minute until the socket $1 answers.
answers()
{
	tries=0
	until curl -s -o /dev/null --unix-socket "$1" http://d/_ping; do
		tries=$((tries + 1))
		[ "$tries" -lt 120 ] && kill -0 "$2" 2>/dev/null || return 1
		sleep 0.5
	done
}

# Make a certificate authority and a certificate for both sides.
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
	[ "$(id -u)" -eq 0 ] || {
		skip "docker: only root can start one"
		return
	}
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
	engine_pids="$engine_pids $!"
	if answers "$work/docker.sock" "$!"; then
		docker=unix://$work/docker.sock
		remote=tcp://127.0.0.1:$port
	else
		skip "docker: dockerd does not start here: $(tail -n 1 "$work/docker.log" | tr -d '#')"
	fi
}

# runc, because the crun of Debian 12 does not support hybrid control groups.
start_podman()
{
	[ "$(id -u)" -eq 0 ] || {
		skip "podman: only root can start one"
		return
	}
	if ! command -v podman >/dev/null || ! command -v runc >/dev/null; then
		skip "podman: no program 'podman' or 'runc'"
		return
	fi
	# It starts without any, but no container does.
	grep -qE '^\S+ \S+ cgroup2? ' /proc/self/mounts || {
		skip "podman: no control groups are mounted here"
		return
	}
	# conmon writes a file "oom" where it stands.
	(cd "$work" && exec podman --root "$work/podman" --runroot "$work/podman-run" --runtime "$(command -v runc)" \
		--cgroup-manager cgroupfs system service --time=0 "unix://$work/podman.sock" >"$work/podman.log" 2>&1) &
	engine_pids="$engine_pids $!"
	if answers "$work/podman.sock" "$!"; then
		podman=unix://$work/podman.sock
	else
		skip "podman: its service does not start here: $(tail -n 1 "$work/podman.log" | tr -d '#')"
	fi
}
