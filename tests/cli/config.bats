#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034 # set by the helper, or for it
# gover config.
load helper

setup() {
	setup_tree
}

@test "list, with where each value comes from" {
	expect 0 gover config
	line_is "auto_install = yes  # default"
	gover config set auto_install no
	expect 0 env GOVER_GOPROXY=off gover config list
	line_is "auto_install = no"
	line_is "goproxy = off  # GOVER_GOPROXY"
	expect 0 gover config --json
	says "\"file\":\"$GOVER_ROOT/config\"" '"key":"auto_install","value":"no","source":"file"'
	command -v jq >/dev/null || skip "jq not found"
	[ "$(jq -r '.settings | length > 3' <<<"$output")" = true ]
}

@test "get, set, unset" {
	expect 0 gover config get auto_install
	[ "$output" = yes ]
	expect 0 gover config set auto_install no
	[ -z "$output" ]
	expect 0 gover config get auto_install
	[ "$output" = no ]
	expect 0 gover config get --json auto_install
	says '"value":"no"' '"default":"yes"'
	expect 0 gover config unset auto_install
	expect 0 gover config get auto_install
	[ "$output" = yes ]
}

@test "comments and other lines of the file stay" {
	mkdir -p "$GOVER_ROOT"
	printf '# mine\nverify = log\n' >"$GOVER_ROOT/config"
	gover config set auto_install no
	[ "$(cat "$GOVER_ROOT/config")" = $'# mine\nverify = log\nauto_install = no' ]
}

@test "unknown keys and bad values are 2, with a guess" {
	expect 2 gover config get auto_instal
	says "did you mean 'auto_install'"
	expect 2 gover config set auto_install perhaps
	expect 2 gover config set nosuch x
	expect 2 gover config frob
	expect 2 gover config set auto_install
	[ ! -e "$GOVER_ROOT/config" ]
}

@test "a malformed file names its line" {
	mkdir -p "$GOVER_ROOT"
	printf '\nauto_install = perhaps\n' >"$GOVER_ROOT/config"
	expect 2 gover config list
	says "$GOVER_ROOT/config:2"
}

@test "an unknown key in the file is a warning" {
	mkdir -p "$GOVER_ROOT"
	echo 'colour = red' >"$GOVER_ROOT/config"
	expect 0 gover config get verify
	says warning colour
}
