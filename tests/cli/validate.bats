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

@test "a cell sees the modules of its project, and no others" {
	local mod=$GOVER_ROOT/validate/mod
	for name in mine private; do
		mkdir -p "$mod/example.com/$name@v1.0.0" "$mod/cache/download/example.com/$name/@v"
		echo "package $name" >"$mod/example.com/$name@v1.0.0/a.go"
		echo "module example.com/$name" >"$mod/cache/download/example.com/$name/@v/v1.0.0.mod"
		echo h1:x >"$mod/cache/download/example.com/$name/@v/v1.0.0.ziphash"
	done
	echo 'require example.com/mine v1.0.0' >>go.mod
	go_sdk 1.22.3 "cat \"\$GOMODCACHE/example.com/mine@v1.0.0/a.go\" && ! find \"\$GOMODCACHE/\" | grep private || exit 1; $good"
	validate 0 1.22.3
	! "$gover" engine bwrap >/dev/null 2>&1 || expect 0 "$gover" validate --engine bwrap 1.22.3
}

@test "the checkout is not changed, whatever a phase does" {
	go_sdk 1.22.3 "echo junk >go.sum; rm -f m.go; $good"
	before=$(ls -la --time-style=full-iso)
	validate 0 1.22.3
	[ "$(ls -la --time-style=full-iso)" = "$before" ]
	[ ! -e go.sum ]
}

@test "a colon in the project's path is a part of it; one in the store's is an error on the host engine" {
	mkdir -p "$T/co:/tmp" && cp go.mod m.go "$T/co:/tmp" && cd "$T/co:/tmp"
	go_sdk 1.22.3 "[ -e m.go ] && : >made && [ ! -e '$T/co:/tmp/made' ] || exit 1; $good"
	validate 0 1.22.3 --packages "$PWD/..."
	[ "$(ls -A)" = "go.mod
m.go" ] && [ "$(ls -A "$T/co:")" = tmp ]
	go_sdk 1.22.3 "$good"
	mv "$GOVER_ROOT" "$T/ro:ot"
	GOVER_ROOT=$T/ro:ot validate 3 1.22.3
	says "PATH cannot name '$T/ro:ot/sdks/go1.22.3': it holds a colon"
	# In a sandbox, where this build can have one, it has no place on PATH.
	! "$gover" engine bwrap >/dev/null 2>&1 || GOVER_ROOT=$T/ro:ot expect 0 "$gover" validate --engine bwrap 1.22.3
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
	validate 1 1.22.3 --report ndjson=r.ndjson
	[[ $(grep '"event":"cell"' r.ndjson | tail -n 1) == *"1 of 2 failing tests pass with GODEBUG=panicnil=1"* ]]
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
	says 'no version from go1.22.0 to go1.22.3 breaks'
	says_not 'go1.22.1: '
	for v in 1.22.2 1.22.3; do
		go_sdk "$v" 'echo "./m.go:3:1: undefined: x"; exit 1'
	done
	expect 0 sh -c "'$gover' bisect --engine host --first-bad 1.22.0..1.22.3 2>/dev/null"
	[ "$output" = 1.22.2 ]
	expect 1 "$gover" bisect --engine host --first-bad 1.22.2..1.22.3
	says 'go1.22.2 does not work either' 'name an older version'
}

@test "an engine that is named but does not answer is told when another takes its place" {
	sandbox_sdks 1.22.3
	DOCKER_HOST=unix://$BATS_TEST_TMPDIR/nobody expect 0 "$gover" validate 1.22.3
	says "warning: docker, podman: 'unix://$BATS_TEST_TMPDIR/nobody' (DOCKER_HOST)" 'cells run in bubblewrap instead'
	DOCKER_HOST=unix://$BATS_TEST_TMPDIR/nobody expect 3 "$gover" validate --engine docker 1.22.3
	DOCKER_HOST='' expect 0 "$gover" validate --engine bwrap 1.22.3
	says_not warning
}

@test "usage errors are found before anything runs" {
	validate 2 1.22.3 --phase lint
	validate 2 1.22.3 --report nosuch
	validate 2 1.22.3 --only go1.9
	for wrong in timeout=forever timeout=0 timeout=25h timeout=1ms memory=x memory=18446744073709551615g jobs=65 cpus=0.5 pids=-1; do
		validate 2 1.22.3 "--$wrong"
		says "--${wrong%%=*}: '${wrong#*=}' is not a valid value" 'help: use a '
	done
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
	[[ $output == *"is not a Go project"*"directory of a Go module"* ]]
}

@test "a repository at home: a project below is copied alone, and what it misses is said once" {
	HOME=$T/home
	mkdir -p "$HOME/.git" "$HOME/src"
	cp -r . "$HOME/src/m"
	cd "$HOME/src/m"
	go_sdk 1.22.3 "[ ! -e ../../secret ] || exit 1; $good"
	echo s >"$HOME/secret"
	validate 0 1.22.3
	[[ $output != *"home directory"* ]]
	printf 'replace example.com/n => ../n\n' >>go.mod
	validate 0 1.22.3 1.21.6
	[ "$(grep -c "only '$HOME/src/m' is copied, not the repository '$HOME' around it: that is a home directory" <<<"$output")" = 1 ]
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
	says 'note: uid' "may not read 'deep/below/secret': not copied"
	grep -q "Note on go1.21.6: uid" r.md
	grep -q '"note":"uid' r.json
	expect 0 "$gover" report convert r.json --report json
	says '"note":"uid'
}
