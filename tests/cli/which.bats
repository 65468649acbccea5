#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034 # set by the helper, or for it
# gover which, current, explain.
load helper

setup() {
	setup_tree
	sdk 1.21.6 1.22.3
}

json() {
	jq -r "$1" <<<"$output"
}

@test "which prints the path of the tool" {
	echo 1.21.6 >.go-version
	expect 0 gover which
	[ "$output" = "$GOVER_ROOT/sdks/go1.21.6/bin/go" ]
	expect 0 gover which gofmt
	[ "$output" = "$GOVER_ROOT/sdks/go1.21.6/bin/gofmt" ]
	expect 0 gover which +1.22 go
	[ "$output" = "$GOVER_ROOT/sdks/go1.22.3/bin/go" ]
}

@test "which --json has every promised key" {
	printf '# c\n\n1.21\n' >.go-version
	expect 0 gover which --json
	command -v jq >/dev/null || skip "jq not found"
	[ "$(json 'keys | join(" ")')" = "file installed line path request source version warnings" ]
	[ "$(json '[.version, .request, .source, .file, .line, .path, .installed, (.warnings | length)] | @tsv')" = \
		"$(printf '1.21.6\t1.21\tgo-version\t%s\t3\t%s\ttrue\t0' "$proj/.go-version" "$GOVER_ROOT/sdks/go1.21.6/bin/go")" ]
}

@test "a version that is not installed is still the answer, with 3" {
	echo 1.20.1 >.go-version
	expect 3 gover which --json
	command -v jq >/dev/null || skip "jq not found"
	[ "$(json '[.version, .installed, .path] | @csv')" = '"1.20.1",false,' ]
	expect 3 gover which
	says "go1.20.1 is not installed" "$proj/.go-version:1"
	expect 3 gover current
	line_is "1.20.1 (set by $proj/.go-version:1)"
}

@test "malformed: exit 2, file and line, no escape bytes" {
	printf '1.22.3\n\n\x1b[31m\n' >.go-version
	printf '\x1b[31m\n' >.go-version
	for cmd in which current explain "env --shell sh"; do
		expect 2 gover $cmd
		says "$proj/.go-version:1"
		says_not $'\x1b'
	done
	rm .go-version
	expect 2 env GOVER_VERSION=1.22d gover which
	says GOVER_VERSION
	expect 2 gover which +1.22d
	expect 2 gover which ../go
	expect 2 gover which go gofmt
}

@test "system: the path of the other go, or 3" {
	system_go 1.19.8
	echo system >.go-version
	expect 0 gover which
	[ "$output" = "$T/sys/go" ]
	rm .go-version
	expect 0 gover which --json
	says '"source":"system"' "$T/sys/go"
	no_system_go
	expect 3 gover which
}

@test "gopls and dlv are found on PATH, past the shims" {
	no_system_go
	echo 1.21.6 >.go-version
	expect 3 gover which gopls
	ln -s /bin/sh "$T/tools/gopls"
	expect 0 gover which gopls
	[ "$output" = "$T/tools/gopls" ]
}

@test "current names what decided" {
	expect 0 gover default 1.22.3
	expect 0 gover current
	[ "$output" = "1.22.3 (set by the default)" ]
	expect 0 env GOVER_VERSION=1.21.6 gover current
	[ "$output" = "1.21.6 (set by GOVER_VERSION)" ]
	expect 0 env GOVER_SESSION=1.21.6 gover current
	[ "$output" = "1.21.6 (set by GOVER_SESSION)" ]
	expect 0 bash -c 'gover -q use 1.21.6; gover current'
	[ "$output" = "1.21.6 (set by 'gover use')" ]
	expect 0 gover current --json
	says '"version":"1.22.3"' '"source":"default"' "\"goroot\":\"$GOVER_ROOT/sdks/go1.22.3\""
}

@test "a conflict with go.mod is a warning of current, not of the shim" {
	echo 1.21.6 >.go-version
	printf 'module m\n\ngo 1.22.1\n' >go.mod
	expect 0 gover current
	says "warning" "go.mod"
	expect 0 gover current --json
	says '"warnings":["'
	gover list >/dev/null
	expect 0 go version
	[ "$output" = "go version go1.21.6 linux/amd64" ]
}

@test "current warns of a GOTOOLCHAIN that can run another Go" {
	echo 1.21.6 >.go-version
	expect 0 env GOTOOLCHAIN=auto gover current
	says warning GOTOOLCHAIN
	expect 0 env GOTOOLCHAIN=local gover current
	says_not warning
}

@test "explain shows each place in order, and the outcome" {
	echo 1.21.6 >.go-version
	expect 0 gover explain
	says "$proj/.go-version" "so: 1.21.6"
	expect 0 gover explain --json
	says '"trail":["'
	expect 0 gover explain +1.22.3
	says "so: 1.22.3, set by the command line"
}

@test "-C DIR, before and behind the command" {
	mkdir -p "$T/other"
	echo 1.21.6 >"$T/other/.go-version"
	for args in "-C ../other current" "current -C ../other" "-C $T/other current" "current --directory=$T/other"; do
		# shellcheck disable=SC2086 # two words each
		expect 0 gover $args
		[ "$output" = "1.21.6 (set by $T/other/.go-version:1)" ]
	done
	expect 2 gover -C "$T/nonexistent" current
	says "$T/nonexistent"
}

@test "standard output that is closed or full is an error" {
	echo 1.21.6 >.go-version
	run bash -c 'gover which >/dev/full'
	[ "$status" -eq 1 ]
	says "cannot write to standard output: No space left on device"
	run bash -c 'gover which >&-'
	[ "$status" -eq 1 ]
	says "cannot write to standard output"
}
