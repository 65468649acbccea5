#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034 # set by the helper, or for it
# gover default.
load helper

setup() {
	setup_tree
	sdk 1.21.6 1.22.3
}

@test "none is set: 3 and how to set it" {
	expect 3 gover default
	says "no default is set" "gover default VERSION"
}

@test "set, show, follow" {
	expect 0 gover default 1.21
	expect 0 gover default
	[ "$output" = 1.21 ]
	expect 0 gover default --json
	[ "$output" = "{\"request\":\"1.21\",\"version\":\"1.21.6\",\"installed\":true,\"file\":\"$GOVER_ROOT/default\"}" ]
	expect 0 go version
	[ "$output" = "go version go1.21.6 linux/amd64" ]
	expect 0 gover default latest
	expect 0 go version
	[ "$output" = "go version go1.22.3 linux/amd64" ]
}

@test "a version that is not installed is accepted with a note; gover-core is not needed" {
	rm "$tree/libexec/gover/gover-core"
	expect 0 gover default 1.20.1
	says "go1.20.1 is not installed yet"
	expect 0 gover default
	[ "$output" = 1.20.1 ]
}

@test "malformed: 2, and the old one stays" {
	gover default 1.21.6
	for bad in 1.22d '' ../x $'1.22\n1.23' '^1.21'; do
		expect 2 gover default "$bad"
	done
	expect 0 gover default
	[ "$output" = 1.21.6 ]
}

@test "the umask does not matter, an unwritable root does" {
	(umask 777 && gover default 1.21.6)
	[ "$(gover default)" = 1.21.6 ]
	chmod a-w "$GOVER_ROOT"
	expect 1 unprivileged gover default 1.22.3
	says "$GOVER_ROOT/default"
	chmod u+w "$GOVER_ROOT"
}
