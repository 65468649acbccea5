#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034 # set by the helper, or for it
# gover validate, bisect and report on the real programs, with go commands that only print; cells on the host engine.
load helper

# go_sdk VERSION 'SHELL CODE': a go command that runs CODE with the subcommand in $1.
go_sdk() {
	mkdir -p "$GOVER_ROOT/sdks/go$1/bin"
	printf '#!/bin/sh\ncase $1 in version) echo "go version go%s linux/amd64"; exit ;; mod | list) exit 0 ;; esac\n%s\n' \
		"$1" "$2" >"$GOVER_ROOT/sdks/go$1/bin/go"
	chmod +x "$GOVER_ROOT/sdks/go$1/bin/go"
}

setup() {
	setup_tree
	unset GITHUB_STEP_SUMMARY
	cd "$BATS_TEST_TMPDIR" || return
	mkdir project
	cd project || return
	printf 'module example.com/m\n\ngo 1.20\n' >go.mod
	echo 'package m' >m.go
	good='[ "$1" != test ] || echo "ok  	example.com/m	0.01s"'
	go_sdk 1.21.6 "$good"
	go_sdk 1.22.3 "$good"
	gover=$top_builddir/gover
}

validate() {
	expect "$1" "$gover" validate --engine host "${@:2}"
}

@test "compatible versions exit 0, and the lowest is named" {
	validate 0 1.21.6 1.22.3
	[[ $output == *"lowest compatible version: 1.21.6"* ]]
}

@test "the checkout is not changed, whatever a phase does" {
	go_sdk 1.22.3 "echo junk >go.sum; rm -f m.go; $good"
	before=$(ls -la --time-style=full-iso)
	validate 0 1.22.3
	[ "$(ls -la --time-style=full-iso)" = "$before" ]
	[ ! -e go.sum ]
}

@test "a package that came later: incompatible, exit 1, the deciding line and a hint" {
	go_sdk 1.20.14 'echo "m.go:3:8: package slices is not in GOROOT (/x/src/slices)"; exit 1'
	validate 1 1.20.14 1.21.6
	[[ $output == *"m.go:3:8"* && $output == *"'slices' was added in Go 1.21"* ]]
	[[ $output == *"lowest compatible version: 1.21.6"* ]]
}

@test "below the go line is incompatible even when everything passes" {
	printf 'module example.com/m\n\ngo 1.22\n' >go.mod
	validate 1 1.21.6
	[[ $output == *below-declared* ]]
}

@test "a go command of another version is no evidence: exit 3" {
	go_sdk 1.22.3 "$good"
	sed -i 's/go1.22.3 linux/go1.26.0 linux/' "$GOVER_ROOT/sdks/go1.22.3/bin/go"
	validate 3 1.22.3
}

@test "nothing tested is never 0" {
	go_sdk 1.22.3 '[ "$1" != test ] || echo "?   	example.com/m	[no test files]"'
	validate 3 1.22.3
	[[ $output == *nothing-tested* ]]
}

@test "a failed test that passes when repeated is flaky, not a failure" {
	go_sdk 1.22.3 'flag=${TMPDIR:-/tmp}/again; [ "$1" = test ] || exit 0
[ -e "$flag" ] && { echo "ok  	example.com/m	0.01s"; exit 0; }
: >"$flag"; printf -- "--- FAIL: TestX (0.00s)\nFAIL\nFAIL	example.com/m	0.01s\n"; exit 1'
	validate 0 1.22.3 --report json=r.json
	[[ $(cat r.json) == *'"flaky"'* ]]
}

@test "a GODEBUG setting that cures some of the failing tests is named, though others fail for another reason" {
	go_sdk 1.22.3 '[ "$1" = test ] || exit 0
status=0
case $GODEBUG in *panicnil=1*) ;; *) echo "--- FAIL: TestNil (0.00s)"; status=1 ;; esac
case "$*" in *"-run=^(TestNil)\$"*) ;; *) echo "--- FAIL: TestNet (0.00s)"; status=1 ;; esac
[ $status = 0 ] && echo "ok  	example.com/m	0.01s" || echo "FAIL
FAIL	example.com/m	0.01s"
exit $status'
	validate 1 1.22.3
	[[ $output == *"1 of 2 failing tests pass with GODEBUG=panicnil=1, the default before Go 1.21"* ]]
}

@test "modules are fetched unless go builds from the vendor directory, as it does from go 1.14 on" {
	go_sdk 1.22.3 "$good"
	sed -i "s|mod . list) exit 0|mod \| list) touch $BATS_TEST_TMPDIR/fetched; exit 0|" "$GOVER_ROOT/sdks/go1.22.3/bin/go"
	mkdir vendor
	echo '# example.com/x v1.0.0' >vendor/modules.txt
	validate 0 1.22.3
	[ ! -e "$BATS_TEST_TMPDIR/fetched" ]
	printf 'module example.com/m\n\ngo 1.13\n' >go.mod
	validate 0 1.22.3
	[ -e "$BATS_TEST_TMPDIR/fetched" ]
}

@test "a module that could not be fetched: what the proxy said, and inconclusive when it could not be reached" {
	go_sdk 1.22.3 'echo "m.go:3:8: github.com/x/y@v1.0.0: module lookup disabled by GOPROXY=off"; exit 1'
	sed -i 's|mod . list) exit 0|mod \| list) echo "go: github.com/x/y@v1.0.0: reading https://$PROXY" >\&2; exit 1|' \
		"$GOVER_ROOT/sdks/go1.22.3/bin/go"
	sed -i "s|\$PROXY|proxy.test/x.zip: 403 Forbidden|" "$GOVER_ROOT/sdks/go1.22.3/bin/go"
	validate 1 1.22.3
	[[ $output == *deps*"module lookup disabled"*"proxy.test/x.zip: 403 Forbidden"* ]]
	sed -i 's|403 Forbidden|dial tcp: no route to host|' "$GOVER_ROOT/sdks/go1.22.3/bin/go"
	validate 3 1.22.3
	[[ $output == *inconclusive*network*"no route to host"* ]]
}

@test "json, junit and markdown reports; convert and merge read them back" {
	validate 0 1.21.6 --report json=a.json,junit=a.xml
	validate 0 1.22.3 --report json=b.json
	[[ $(cat a.xml) == *"<testsuites"* ]]
	expect 0 "$gover" report merge a.json b.json --report markdown
	[[ $output == *go1.21.6* && $output == *go1.22.3* ]]
	expect 0 "$gover" report convert a.json --report tap
	[[ $output == *"TAP version 13"* ]]
	expect 2 "$gover" report merge a.json a.json
	expect 2 "$gover" report convert go.mod
}

@test "bisect prints the lowest compatible version alone on stdout" {
	go_sdk 1.20.14 'echo "m.go:3:8: package slices is not in GOROOT (/x/src/slices)"; exit 1'
	expect 0 sh -c "'$gover' bisect --engine host 1.20.14 1.21.6 1.22.3 2>/dev/null"
	[ "$output" = 1.21.6 ]
}

@test "bisect --first-bad asks both ends first" {
	for v in 1.22.0 1.22.1 1.22.2; do
		go_sdk "$v" "$good"
	done
	expect 1 "$gover" bisect --engine host --first-bad 1.22.0..1.22.3
	says 'nothing breaks from go1.22.0 to go1.22.3'
	says_not 'go1.22.1: '
	for v in 1.22.2 1.22.3; do
		go_sdk "$v" 'echo "./m.go:3:1: undefined: x"; exit 1'
	done
	expect 0 sh -c "'$gover' bisect --engine host --first-bad 1.22.0..1.22.3 2>/dev/null"
	[ "$output" = 1.22.2 ]
	expect 1 "$gover" bisect --engine host --first-bad 1.22.2..1.22.3
	says 'go1.22.2 does not work either' 'name an older version'
}

@test "--emit prints a matrix and runs nothing" {
	expect 0 "$gover" validate --emit github-matrix 1.21.6 1.22.3
	[ "$output" = '{"include":[{"cell":"go1.21.6","version":"1.21.6"},{"cell":"go1.22.3","version":"1.22.3"}]}' ]
	expect 2 "$gover" validate --emit yaml 1.21.6
}

@test "an engine that is named but does not answer is told when another takes its place" {
	sandbox_sdks 1.22.3
	DOCKER_HOST=unix://$BATS_TEST_TMPDIR/nobody expect 0 "$gover" validate 1.22.3
	says "warning: docker, podman: 'unix://$BATS_TEST_TMPDIR/nobody' (DOCKER_HOST)" 'cells run in bubblewrap instead'
	DOCKER_HOST=unix://$BATS_TEST_TMPDIR/nobody expect 3 "$gover" validate --engine docker 1.22.3
	DOCKER_HOST='' expect 0 "$gover" validate --engine bwrap 1.22.3
	says_not warning
}

@test "--explain-engine alone needs no project" {
	expect 0 "$gover" validate -C / --engine host --explain-engine
	says host
	expect 0 "$gover" validate --explain-engine --emit github-matrix 1.22.3
	says '"version":"1.22.3"'
}

@test "usage errors are found before anything runs" {
	validate 2 1.22.3 --phase lint
	validate 2 1.22.3 --report nosuch
	validate 2 1.22.3 --only go1.9
	validate 2 1.22.3 --timeout forever
	expect 2 "$gover" validate --engine vm 1.22.3
}

@test "nothing is left behind" {
	validate 0 1.22.3
	[ -z "$(find "$GOVER_ROOT/cells" "$GOVER_ROOT/scratch" -mindepth 1)" ]
}

@test "a repository whose modules lie below: no cell for the top, which has none" {
	mkdir -p ../repo/.git ../repo/a ../repo/b/c
	cp m.go go.mod ../repo/a
	cp m.go go.mod ../repo/b/c
	cd ../repo || return
	validate 0 1.22.3
	[[ $output == *"go1.22.3#a "*compatible*"go1.22.3#b/c "*compatible* ]]
	[[ $output != *"#. "* ]]
}

@test "a home directory is no project" {
	mkdir ../empty
	HOME=$(realpath ../empty)
	cd ../empty || return
	validate 2 1.22.3
	[[ $output == *"is no Go project"*"directory of a Go module"* ]]
}

@test "the command that repeats a cell has the options that shaped it" {
	go_sdk 1.22.3 'echo "./m.go:3:1: undefined: x"; exit 1'
	validate 1 1.22.3 --phase build --memory 1g --packages ./m,./n --report json=r.json --env 'A=b c'
	[[ $output == *"repeat: gover validate 1.22.3 --engine host --phase build --packages ./m,./n --memory 1g --env 'A=b c'"* ]]
	expect 0 "$gover" report convert r.json --report ndjson
	[[ $output == *"--memory 1g"* ]]
}

@test "what the copy of the project lacks is told: files that the cell's user may not read" {
	sandbox_sdks 1.21.6
	mkdir -p deep/below
	echo x >deep/below/secret
	chmod 0 deep/below/secret
	expect 0 "$gover" validate --engine bwrap --report json=r.json --report markdown=r.md 1.21.6
	says 'note: the copy lacks what uid' "may not read: 'deep/below/secret'"
	grep -q "Note on go1.21.6: the copy lacks" r.md
	grep -q '"note":"the copy lacks' r.json
	expect 0 "$gover" report convert r.json --report json
	says '"note":"the copy lacks'
}

@test "--keep-failed keeps the cell of a failure, and --enter gives a shell in it" {
	sandbox_sdks 1.21.6 1.22.3
	: >"$GOVER_ROOT/sdks/go1.22.3/fails"
	expect 1 "$gover" validate --engine bwrap --keep-failed 1.21.6 1.22.3
	id=$(ls "$GOVER_ROOT/cells")
	[[ $id == *-go1.22.3-1 ]]
	says "go1.22.3: kept for a day: gover validate --enter $id"
	# As what runs in the cell: its copy, its user, no network.
	expect 3 "$gover" validate --enter "$id" <<<'pwd; ls; echo x >new; ls /sys/class/net; go version; exit 3'
	line_is "$PWD"
	line_is m.go
	line_is 'go version go1.22.3 linux/amd64'
	[ ! -e new ]
	# From anywhere: the cell knows its project.
	expect 0 "$gover" validate -C / --enter "$id" <<<'cat new'
	line_is x
	expect 0 "$gover" validate --engine bwrap 1.21.6
	[ "$(ls "$GOVER_ROOT/cells")" = "$id" ]
	expect 3 "$gover" validate --enter nosuch
	says "no kept cell 'nosuch'"
}

@test "a kept cell is swept after its day" {
	sandbox_sdks 1.22.3
	: >"$GOVER_ROOT/sdks/go1.22.3/fails"
	expect 1 "$gover" validate --engine bwrap --keep-failed 1.22.3
	sed -i 's/^kept .*/kept 1/' "$GOVER_ROOT"/cells/*
	rm "$GOVER_ROOT/sdks/go1.22.3/fails"
	expect 0 "$gover" validate --engine bwrap 1.22.3
	[ -z "$(find "$GOVER_ROOT/cells" "$GOVER_ROOT/scratch" -mindepth 1)" ]
}
