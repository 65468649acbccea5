#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034 # set by the helper, or for it
# gover use: pins for shells and scripts, without set-up.
load helper

setup() {
	setup_tree
	sdk 1.21.6 1.22.3
	"$gover" list >/dev/null
}

# in_shell SHELL...: run the loop of the README as a script of that shell. fish has its own syntax.
loop_script() {
	if [ "$1" = fish ]; then
		cat <<-'FISH'
			for v in 1.21.6 1.22.3
				gover use $v; or exit 90
				go version | grep -q $v; or exit 91
				test (go version | cut -d' ' -f3) = go$v; or exit 92
			end
		FISH
		return
	fi
	cat <<-'SH'
		set -e
		for v in 1.21.6 1.22.3; do
			gover use $v || exit 90
			go version | grep -q $v || exit 91
			[ "$(go version | cut -d' ' -f3)" = go$v ] || exit 92
			(go version; :) | grep -q $v || exit 93
			env -i GOVER_ROOT="$GOVER_ROOT" "$GOVER_ROOT/shims/go" version | grep -q $v || exit 94
			sh -c 'go version; :' | grep -q $v || exit 95
			echo x | xargs -n1 go version | grep -q $v || exit 96
		done
	SH
}

in_shell() {
	command -v "$1" >/dev/null || skip "$1 not found"
	loop_script "$1" >loop
	expect 0 "$@" loop
	says "pinned go1.21.6 for" "pinned go1.22.3 for"
	loop_script "$1" | {
		expect 0 "$@"
		says "pinned go1.22.3 for"
	}
}

@test "the loop in bash" { in_shell bash; }
@test "the loop in dash" { in_shell dash; }
@test "the loop in zsh" { without_leak_check; in_shell zsh; }
@test "the loop in fish" { in_shell fish; }
@test "the loop in ksh" { in_shell ksh; }
@test "the loop in mksh" { in_shell mksh; }
@test "the loop in busybox sh" { in_shell busybox sh; }

@test "a script with an interpreter line" {
	{ echo '#!/bin/sh'; loop_script sh; } >script
	chmod +x script
	expect 0 ./script
}

@test "it names the pinned shell on stderr, and is quiet with -q" {
	expect 0 bash -c 'gover use 1.22.3 2>&1 >out; echo $$; :'
	says "pinned go1.22.3 for bash, pid ${lines[1]}"
	[ ! -s out ]
	expect 0 bash -c 'gover -q use 1.22.3; gover use -q 1.21.6; go version'
	[ "$output" = "go version go1.21.6 linux/amd64" ]
}

@test "one shell's pin is not another's, and ends with it" {
	expect 0 bash -c 'gover -q use 1.21.6; bash -c "gover -q use 1.22.3; go version; :"; go version'
	[ "$output" = $'go version go1.22.3 linux/amd64\ngo version go1.21.6 linux/amd64' ]
	expect 0 bash -c 'gover current --json; :'
	says_not '"pin"'
}

@test "the pin overrides files and GOVER_SESSION, GOVER_VERSION overrides the pin" {
	echo 1.22.3 >.go-version
	expect 0 bash -c 'gover -q use 1.21.6; GOVER_SESSION=1.22.3 go version; GOVER_VERSION=1.22.3 go version'
	[ "$output" = $'go version go1.21.6 linux/amd64\ngo version go1.22.3 linux/amd64' ]
	expect 0 env GOVER_VERSION=1.22.3 bash -c 'gover use 1.21.6; :'
	says "GOVER_VERSION is '1.22.3'"
}

@test "--clear removes it, and says so" {
	echo 1.22.3 >.go-version
	expect 0 bash -c 'gover use 1.21.6; gover use --clear; gover use --clear; go version'
	says "removed the pin of bash" "no pin for bash"
	line_is "go version go1.22.3 linux/amd64"
}

@test "partial versions, words, ranges and system" {
	system_go 1.19.8
	expect 0 bash -c 'gover use 1.21; go version; gover use latest; go version; gover use "^1.21 <1.22"; go version; gover use system; go version'
	says "pinned go1.21.6 for bash" "pinned system for bash"
	line_is "go version go1.19.8 linux/amd64"
	[ "$(grep -c 'go version go1.21.6' <<<"$output")" -eq 2 ]
}

@test "system without a go on PATH is refused" {
	no_system_go
	expect 3 sh -c 'gover use system; rc=$?; exit $rc'
}

@test "a parent that is not a shell is refused, unless --pid names it" {
	cp "$(command -v env)" "$T/runner"
	printf 'import subprocess, sys\nsys.exit(subprocess.call(["%s", "use", "1.22.3"]))\n' "$gover" >run.py
	command -v python3 >/dev/null || skip "python3 not found"
	expect 2 python3 run.py
	says "is not a shell" "--pid"
	expect 0 bash -c 'gover use --pid $$ 1.21.6; go version'
	line_is "go version go1.21.6 linux/amd64"
	expect 2 "$gover" use --pid abc 1.22.3
	expect 2 "$gover" use --pid 1073741823 1.22.3
}

@test "in a container of its own there is no parent to pin" {
	unshare -r -p -f --mount-proc true 2>/dev/null || skip "no namespaces here"
	expect 2 unshare -r -p -f --mount-proc "$gover" use 1.22.3
	says "outside of this container"
	# The shell there has a pid that another process has here.
	expect 0 unshare -r -p -f --mount-proc sh -c 'gover use 1.21.6; go version; :'
	line_is "go version go1.21.6 linux/amd64"
}

@test "a missing version is installed first" {
	installing_core
	expect 0 bash -c 'gover use 1.23.4; go version'
	line_is "go version go1.23.4 linux/amd64"
	grep -qx 'install 1.23.4' "$core_log"
}

@test "a failed install leaves no pin, and its status is returned" {
	fake_core 'exit 5'
	echo 1.22.3 >.go-version
	expect 0 bash -c 'gover use 1.23.4; echo "rc $?"; go version'
	line_is "rc 5"
	line_is "go version go1.22.3 linux/amd64"
}

@test "--no-install and auto_install=no forbid that" {
	installing_core
	expect 3 bash -c 'gover use --no-install 1.23.4; exit $?'
	says "go1.23.4 is not installed" "gover install 1.23.4"
	expect 3 env GOVER_AUTO_INSTALL=no bash -c 'gover use 1.23.4; exit $?'
	[ ! -e "$core_log" ]
}

@test "usage: nothing, both, malformed" {
	expect 2 "$gover" use
	expect 2 "$gover" use --clear 1.22.3
	expect 2 bash -c 'gover use 1.22d; exit $?'
	expect 2 "$gover" use a b
	expect 2 bash -c 'gover use ../../etc; exit $?'
}

@test "pins of dead shells are swept" {
	for _ in 1 2 3; do
		bash -c 'gover -q use 1.21.6; :'
	done
	[ "$(find "$GOVER_ROOT/pins" -type f | wc -l)" -le 1 ]
	bash -c 'gover -q use 1.21.6; gover -q use 1.22.3; [ "$(ls "$GOVER_ROOT/pins" | wc -l)" -eq 1 ]'
}

@test "a warning says when the shims are not on PATH" {
	expect 0 env "PATH=$tree/bin:/usr/bin:/bin" bash -c 'gover use 1.21.6; :'
	says "'$shims' is not on PATH"
	expect 0 bash -c 'gover use 1.21.6; :'
	says_not "not on PATH"
}

@test "a store that is not writable is an error" {
	chmod a-w "$GOVER_ROOT"
	expect 1 unprivileged bash -c 'gover use 1.21.6; exit $?'
	says error "$GOVER_ROOT/pins"
	expect 0 unprivileged bash -c 'gover use --clear; exit $?'
	chmod u+w "$GOVER_ROOT"
}

@test "SIGTERM during the install ends both: no orphan, no pin" {
	fake_core 'trap "exit 130" TERM; echo $$ >"$HOME/core"; while :; do sleep 0.05; done'
	mkfifo "$HOME/core"
	bash -c 'gover use 1.23.4; rc=$?; echo "rc $rc"; exit $rc' >out 2>&1 3>&- &
	read -r -t 60 core <>"$HOME/core" || { kill -9 $!; false; }
	kill -TERM "$(ps -o ppid= -p "$core")"
	rc=0
	wait $! || rc=$?
	[ "$rc" -eq 130 ]
	run ! kill -0 "$core"
	[ -z "$(ls "$GOVER_ROOT/pins" 2>/dev/null)" ]
}

@test "a pin is exact: 1.20.0 is not the 1.20.14 that comes later" {
	sdk 1.20
	bash -c 'gover use 1.20.0; . "$top_srcdir/tests/cli/fake-sdk.sh"; fake_sdk "$GOVER_ROOT/sdks" 1.20.14; go version; true' >out 2>&1
	grep -F 'go version go1.20 ' out
	sdk 1.20.14
	expect 0 gover exec 1.20.0 -- go version
	[[ $output == *'go1.20 '* ]]
	expect 0 gover exec 1.20.0 -- go1.20 version
	[[ $output == *'go1.20 '* ]]
}
