#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034 # set by the helper, or for it
# gover env, evaluated by real shells.
load helper

setup() {
	setup_tree
	# A root whose name needs quoting in every shell.
	export GOVER_ROOT="$T/it's a \"root\" \$HOME \\ \`x\`;&*"
	shims=$GOVER_ROOT/shims
	sdk 1.21.6 1.22.3
}

evaluates() {
	command -v "$1" >/dev/null || skip "$1 not found"
	export GOROOT=/stale
	expect 0 "$@" -c 'eval "$(gover env 1.22.3)"; go version; echo "$GOVER_VERSION $GOTOOLCHAIN ${GOROOT-unset}"; eval "$(gover env 1.21.6)"; go version; echo "$PATH"'
	[ "${lines[0]}" = "go version go1.22.3 linux/amd64" ]
	[ "${lines[1]}" = "1.22.3 local unset" ]
	[ "${lines[2]}" = "go version go1.21.6 linux/amd64" ]
	[ "${lines[3]}" = "$GOVER_ROOT/sdks/go1.21.6/bin:$PATH" ]
}

@test "bash" { evaluates bash; }
@test "dash" { evaluates dash; }
@test "zsh" { without_leak_check; evaluates zsh; }
@test "ksh" { evaluates ksh; }
@test "mksh" { evaluates mksh; }
@test "busybox sh" { evaluates busybox sh; }

@test "fish" {
	command -v fish >/dev/null || skip "fish not found"
	export GOROOT=/stale
	expect 0 fish -c 'gover env 1.22.3 | source; go version; echo "$GOVER_VERSION $GOTOOLCHAIN"; set -q GOROOT; and echo set; gover env --shell fish 1.21.6 | source; go version; echo $PATH[1]'
	[ "${lines[0]}" = "go version go1.22.3 linux/amd64" ]
	[ "${lines[1]}" = "1.22.3 local" ]
	[ "${lines[2]}" = "go version go1.21.6 linux/amd64" ]
	[ "${lines[3]}" = "$GOVER_ROOT/sdks/go1.21.6/bin" ]
}

@test "without a version: the one selected here; goproxy when it is set" {
	echo 1.21.6 >.go-version
	export GOVER_GOPROXY=https://p.example
	expect 0 gover env --shell sh
	line_is "export GOVER_VERSION='1.21.6';"
	line_is "export GOPROXY='https://p.example';"
	line_is "unset GOROOT;"
	expect 0 env GOPROXY=off gover env --shell=zsh
	says_not GOPROXY
}

@test "--json" {
	expect 0 gover env --json 1.22.3
	says '"GOVER_VERSION":"1.22.3"' '"GOTOOLCHAIN":"local"' '"unset":["GOROOT"]'
	command -v jq >/dev/null || skip "jq not found"
	[ "$(jq -r .set.PATH <<<"$output")" = "$GOVER_ROOT/sdks/go1.22.3/bin:$PATH" ]
}

@test "an unknown shell is 2; a missing version is installed, or 3" {
	expect 2 gover env --shell tcsh 1.22.3
	says "tcsh"
	expect 3 gover env --no-install 1.20.1
	[ -z "$(gover env --no-install 1.20.1 2>/dev/null)" ]
	echo 9.99 >.go-version
	expect 3 gover env
	says "no known Go version is '9.99' (selected by $proj/.go-version:1)"
}
