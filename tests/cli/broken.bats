#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034 # set by the helpers, or for them
# Installs that meet a bad network, a full disk, Ctrl-C or SIGKILL: whole or unchanged, and the next run succeeds.
load helper
load dist

setup_file() {
	make_dist 1.22.3
}

setup() {
	setup_install
}

teardown() {
	stop_servers
}

@test "a connection cut once is resumed in the same run" {
	serve --drop-after 40000 --times 1
	GOPROXY=$url expect 0 "$gover" install 1.22.3
	whole 1.22.3
	store_is_clean
	[ "$(requests "$url" | grep '\.zip' | tail -n 1 | cut -d' ' -f2)" = bytes=40000- ]
}

@test "a server without ranges, cut once" {
	serve --drop-after 40000 --times 1 --no-range
	GOPROXY=$url expect 0 "$gover" install 1.22.3
	whole 1.22.3
	store_is_clean
}

@test "a server that is overloaded for a moment" {
	serve --fail 503 --retry-after 1 --times 1
	GOPROXY=$url expect 0 "$gover" install 1.22.3
	whole 1.22.3
}

# install_until BYTES: in the background, from a slow server, until so much has come; sets pid.
install_until() {
	serve --rate 50000
	# bash lets what it runs in the background ignore Ctrl-C.
	GOPROXY=$url env --default-signal=INT "$gover" install 1.22.3 >"$T/out" 2>&1 3>&- &
	pid=$!
	part=$GOVER_ROOT/downloads/go1.22.3.linux-amd64.zip.part
	for _ in $(seq 400); do
		[ ! -e "$part" ] || [ "$(stat -c %s "$part")" -lt "$1" ] || return 0
		sleep 0.02
	done
	return 1
}

@test "Ctrl-C cleans up, exits with 130, and the next run resumes" {
	install_until 20000
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 130 ]
	[ -z "$(ls -A "$GOVER_ROOT/staging")" ]
	[ -z "$(ls -A "$sdks")" ]
	[ "$(stat -c %s "$part")" -ge 20000 ]
	expect 0 env GOPROXY="$url" "$gover" install 1.22.3
	whole 1.22.3
	store_is_clean
	requests "$url" | grep '\.zip' | tail -n 1 | grep -q 'bytes=[2-9][0-9]*-'
}

@test "SIGKILL: not listed, and the next run resumes and repairs" {
	install_until 20000
	# gover has become gover-core by exec.
	kill -KILL "$pid"
	wait "$pid" || true
	expect 0 "$gover" list
	says_not 1.22.3
	expect 0 env GOPROXY="$url" "$gover" install 1.22.3
	whole 1.22.3
	store_is_clean
	requests "$url" | grep '\.zip' | tail -n 1 | grep -q 'bytes=[2-9][0-9]*-'
}

@test "SIGKILL, and then a shim" {
	install_until 20000
	kill -KILL "$pid"
	wait "$pid" || true
	"$gover" list >/dev/null 2>&1
	GOVER_VERSION=1.22.3 expect 0 "$shims/go" version
	says "go version go1.22.3 linux/amd64"
	store_is_clean
}

@test "no network" {
	stop_servers
	servers=()
	GOPROXY=off expect 4 "$gover" install 1.22.3
	GOVER_SOURCES=off expect 4 "$gover" install 1.22.3
	nothing_installed
}
