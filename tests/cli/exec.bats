#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034 # set by the helper, or for it
# gover exec.
load helper

setup() {
	setup_tree
	sdk 1.21.6 1.22.3
}

@test "the command sees that Go first, and its environment" {
	echo 1.21.6 >.go-version
	expect 0 gover exec 1.22 -- go version
	[ "$output" = "go version go1.22.3 linux/amd64" ]
	expect 0 env GOROOT=/stale GOTOOLCHAIN=auto gover exec 1.22.3 -- sh -c \
		'echo "$GOVER_VERSION $GOTOOLCHAIN ${GOROOT-unset} $PATH"'
	[ "$output" = "1.22.3 local unset $GOVER_ROOT/sdks/go1.22.3/bin:$PATH" ]
}

@test "options of the command are its own; -- may be left out" {
	expect 0 gover exec 1.22.3 printf '%s.' -C --json --
	[ "$output" = "-C.--json.--." ]
	expect 0 gover -q exec --no-install 1.22.3 -- printf '%s.' --help
	[ "$output" = "--help." ]
}

@test "nested: one SDK on PATH, the inner one" {
	expect 0 gover exec 1.22.3 -- gover exec 1.21.6 -- sh -c 'go version; echo "$PATH"'
	says "go version go1.21.6" "$GOVER_ROOT/sdks/go1.21.6/bin:"
	says_not "go1.22.3"
}

@test "the status and signals are the command's own" {
	expect 7 gover exec 1.22.3 -- sh -c 'exit 7'
	expect 143 gover exec 1.22.3 -- sh -c 'kill -TERM $$'
	expect 127 gover exec 1.22.3 -- no-such-command
	says "cannot run 'no-such-command'"
	printf x >plain
	expect 126 gover exec 1.22.3 -- ./plain
}

@test "a missing version is installed, unless that is forbidden" {
	installing_core
	expect 0 gover exec 1.23.4 -- go version
	line_is "go version go1.23.4 linux/amd64"
	expect 3 gover exec --no-install 1.23.5 -- go version
	expect 3 env GOVER_AUTO_INSTALL=no gover exec 1.23.5 -- go version
	fake_core 'exit 4'
	expect 4 gover exec 1.23.5 -- go version
}

@test "system leaves PATH alone" {
	system_go 1.19.8
	expect 0 gover exec system -- sh -c 'go version; echo "$PATH"'
	[ "$output" = $'go version go1.19.8 linux/amd64\n'"$PATH" ]
}

@test "without PATH the usual programs are found" {
	expect 0 env -i "GOVER_ROOT=$GOVER_ROOT" "$gover" exec 1.22.3 -- env
	says "PATH=$GOVER_ROOT/sdks/go1.22.3/bin:/"
}

@test "usage" {
	expect 2 gover exec
	expect 2 gover exec 1.22.3
	expect 2 gover exec 1.22.3 --
	expect 2 gover exec 1.22d -- true
	expect 0 gover exec --help
	says "usage: gover exec"
}

@test "standard input that is closed stays closed for the command" {
	expect 0 bash -c 'gover exec 1.22.3 -- sh -c "if read -r x; then echo data; else echo none; fi 2>/dev/null" <&-'
	[ "$output" = none ]
}
