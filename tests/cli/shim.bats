#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034 # set by the helper, or for it
# go, gofmt, gopls, dlv and go1.X.Y: which program runs, its environment, and what happens when it cannot run.
load helper

setup() {
	setup_tree
	sdk 1.21.6 1.22.3 1.20
	"$gover" list >/dev/null 2>&1
}

@test "the pinned version runs, from the directory itself and from below" {
	echo 1.21.6 >.go-version
	mkdir -p a/b/c
	expect 0 go version
	[ "$output" = "go version go1.21.6 linux/amd64" ]
	cd a/b/c
	expect 0 gofmt version
	[ "$output" = "gofmt version go1.21.6 linux/amd64" ]
}

@test "+VERSION wins, is not passed on, and holds for children" {
	echo 1.21.6 >.go-version
	expect 0 go +1.22.3 args a +1.20 'b c' ''
	[ "$output" = $'<a>\n<+1.20>\n<b c>\n<>' ]
	expect 0 go +1.22 var GOVER_VERSION
	[ "$output" = 1.22.3 ]
	expect 0 go +1.22.3 run go version
	[ "$output" = "go version go1.22.3 linux/amd64" ]
	expect 0 go var GOVER_VERSION
	[ "$output" = unset ]
}

@test "go1.X.Y is that version, whatever is pinned; go1.20 is no newer patch" {
	sdk 1.20.14
	"$gover" list >/dev/null
	echo 1.21.6 >.go-version
	expect 0 go1.22.3 version
	says go1.22.3
	expect 0 go1.20 version
	[ "$output" = "go version go1.20 linux/amd64" ]
	expect 0 env GOVER_VERSION=1.21.6 go1.20.14 version
	says go1.20.14
}

@test "the executed file's name decides, not argv[0]: cmd/go calls go1.X.Y as go" {
	expect 0 env GOVER_VERSION=1.21.6 bash -c 'exec -a go "$0" version' "$shims/go1.22.3"
	says go1.22.3
	expect 0 env GOVER_VERSION=1.21.6 bash -c 'exec -a gofmt "$0" version' "$gover"
	[ "$output" = "gofmt version go1.21.6 linux/amd64" ]
}

@test "-C selects for the directory in which cmd/go will work" {
	mkdir -p a/b
	echo 1.21.6 >.go-version
	echo 1.22.3 >a/.go-version
	ln -s "$proj/a/b" link
	for words in '-C a version' '-C=a version' '--C a version' '--C=a version' 'version -C a' 'version -C=a/b' 'mod -C a' 'mod tidy -C a' \
		'-C link/.. version' "-C $proj/a/b version"; do
		# shellcheck disable=SC2086 # words
		expect 0 go $words
		says go1.22.3 || { echo "$words"; false; }
	done
	for words in 'version x -C a' 'version -v -C a' 'mod tidy -v -C a' 'version -C nowhere' 'version -C' '-C' 'version -Ca' 'version -- -C a'; do
		# shellcheck disable=SC2086 # words
		expect 0 go $words
		says go1.21.6 || { echo "$words"; false; }
	done
	expect 0 gofmt -C a version
	says go1.21.6
	expect 0 go +1.20 -C a version
	says "go1.20 "
}

@test "arguments, standard input and the exit status pass untouched" {
	echo 1.22.3 >.go-version
	expect 0 go args -C x -- --help -q $'a\nb' '*'
	[ "$output" = $'<-C>\n<x>\n<-->\n<--help>\n<-q>\n<a\nb>\n<*>' ]
	expect 7 go exit 7
	expect 255 go exit 255
	[ "$(printf 'a\0b' | go stdin | od -An -c | tr -d ' \n')" = 'a\0b' ]
}

@test "SIGTERM ends the child: 143, and no orphan" {
	echo 1.22.3 >.go-version
	mkfifo told
	go wait >told 2>err 3>&- &
	shim=$!
	read -r -t 60 pid <>told || { kill -9 "$shim"; false; }
	[ "$pid" = "$shim" ]
	kill -TERM "$shim"
	rc=0
	wait "$shim" || rc=$?
	[ "$rc" -eq 143 ]
	run ! kill -0 "$shim"
}

@test "GOTOOLCHAIN is local, unless the user set it" {
	echo 1.22.3 >.go-version
	expect 0 go var GOTOOLCHAIN
	[ "$output" = local ]
	expect 0 env GOTOOLCHAIN= go var GOTOOLCHAIN
	[ "$output" = local ]
	expect 0 env GOTOOLCHAIN=go1.21.6+path go var GOTOOLCHAIN
	[ "$output" = go1.21.6+path ]
}

@test "an inherited GOROOT is dropped, PATH and the caches are left alone" {
	echo 1.22.3 >.go-version
	expect 0 env GOROOT=/stale go var GOROOT
	[ "$output" = unset ]
	expect 0 go var PATH
	[ "$output" = "$PATH" ]
	expect 0 env GOPATH=/p GOCACHE=/c go var GOPATH
	[ "$output" = /p ]
}

@test "the setting goproxy is GOPROXY where that is unset" {
	echo 1.22.3 >.go-version
	expect 0 go var GOPROXY
	[ "$output" = unset ]
	"$gover" config set goproxy https://proxy.example/x,direct
	expect 0 go var GOPROXY
	[ "$output" = https://proxy.example/x,direct ]
	expect 0 env GOPROXY=off go var GOPROXY
	[ "$output" = off ]
}

@test "gover-core installs a missing version, with one line on stderr" {
	installing_core
	echo 1.23.4 >.go-version
	expect 0 go args 'a b' c
	[ "${#lines[@]}" -eq 3 ]
	says "installing go1.23.4" "$proj/.go-version:1" "<a b>"
	[ "$(cat "$core_log")" = "__shim 1.23.4 go args a b c" ]
	[ "$(go version 2>&1)" = "go version go1.23.4 linux/amd64" ]
	expect 0 "$shims/gofmt" +1.19.1 version
	line_is "gofmt version go1.19.1 linux/amd64"
}

@test "the environment is prepared before gover-core runs" {
	fake_core 'echo "$GOTOOLCHAIN ${GOROOT-unset} $GOVER_VERSION"'
	expect 0 env GOROOT=/stale go +1.23.4 version
	line_is "local unset 1.23.4"
}

@test "a failed install has gover-core's status" {
	fake_core 'exit 5'
	expect 5 go +1.23.4 version
	fake_core 'exit 127'
	expect 127 go +1.23.4 version
}

@test "auto_install=no: 127, with the version and what selected it" {
	installing_core
	echo 1.23.4 >.go-version
	expect 127 env GOVER_AUTO_INSTALL=no go version
	says "go1.23.4 is not installed" "$proj/.go-version:1" "gover install 1.23.4"
	[ ! -e "$core_log" ]
}

@test "without gover-core: 127" {
	without_core
	expect 127 go +1.23.4 version
	says gover-core
}

@test "never another Go: malformed pins are 126 and name file and line" {
	"$gover" default 1.21.6
	system_go 1.19.8
	for text in 1.22d ../../etc '' '# only' '<<<<<<< HEAD' $'1.22.3\x1b[31m' 'one two'; do
		printf '%s\n' "$text" >.go-version
		expect 126 go version
		says "$proj/.go-version"
		says_not $'\x1b' linux/amd64
	done
	rm .go-version
	mkdir .go-version
	expect 126 go version
	rmdir .go-version
	mkfifo .go-version
	expect 126 timeout 60 go version
}

@test "a version that nobody knows is 127" {
	echo 9.99 >.go-version
	expect 127 go version
	says 9.99
}

@test "system runs the go after the shims on PATH, even with the shims twice on PATH" {
	system_go 1.19.8
	echo system >.go-version
	expect 0 go version
	says go1.19.8
	expect 0 env "PATH=$shims:$shims/:$shims/../shims:$tree/bin:$T/sys:/usr/bin:/bin" go version
	says go1.19.8
	rm .go-version
	expect 0 go version
	says go1.19.8
}

@test "no go anywhere: 127 with a message, no loop" {
	no_system_go
	expect 127 go version
	says error
	echo system >.go-version
	expect 127 go version
}

@test "a program that calls the shim again ends with 126" {
	mkdir -p "$T/loop"
	printf '#!/bin/sh\nexec %s/go "$@"\n' "$shims" >"$T/loop/go"
	chmod +x "$T/loop/go"
	echo system >.go-version
	expect 126 env "PATH=$shims:$T/loop:/usr/bin:/bin" timeout 60 go version
	says "shims call themselves in a loop"
}

@test "a real Go in between resets the count" {
	echo 1.22.3 >.go-version
	expect 0 env GOVER_SHIM_DEPTH=9 go var GOVER_SHIM_DEPTH
	[ "$output" = unset ]
}

@test "gopls and dlv: the first on PATH after the shims, with +VERSION for its children" {
	no_system_go
	for tool in gopls dlv; do
		expect 127 $tool version
		says "PATH has no '$tool'"
		mkdir -p "$T/gobin"
		printf '#!/bin/sh\necho "%s $GOTOOLCHAIN ${GOVER_VERSION-unset} $*"\n' "$tool" >"$T/gobin/$tool"
		chmod +x "$T/gobin/$tool"
		expect 0 env "PATH=$PATH:$T/gobin" $tool serve x
		[ "$output" = "$tool local unset serve x" ]
		expect 0 env "PATH=$PATH:$T/gobin" $tool +1.21.6 serve
		[ "$output" = "$tool local 1.21.6 serve" ]
	done
}

@test "an SDK that cannot run is 126" {
	chmod -x "$GOVER_ROOT/sdks/go1.22.3/bin/gofmt"
	expect 126 gofmt +1.22.3 version
	says "cannot run" "$GOVER_ROOT/sdks/go1.22.3/bin/gofmt"
	printf 'garbage' >"$GOVER_ROOT/sdks/go1.22.3/bin/go"
	expect 126 go +1.22.3 version
}

@test "env -i, no HOME, LC_ALL=C, any umask, closed streams: the same Go" {
	echo 1.22.3 >.go-version
	expect 0 env -i "GOVER_ROOT=$GOVER_ROOT" "$shims/go" version
	says go1.22.3
	expect 0 env -u HOME LC_ALL=C TZ=/nowhere "$shims/go" version
	says go1.22.3
	for mask in 077 000 777; do
		[ "$(umask $mask && go version)" = "go version go1.22.3 linux/amd64" ]
	done
	go exit 0 <&- >&- 2>&-
	[ "$(go version <&- 2>&-)" = "go version go1.22.3 linux/amd64" ]
}

@test "XDG without HOME and without GOVER_ROOT is found, too" {
	mkdir -p "$T/xdg/gover"
	mv "$GOVER_ROOT/sdks" "$T/xdg/gover/sdks"
	echo 1.22.3 >.go-version
	expect 0 env -u HOME -u GOVER_ROOT "XDG_DATA_HOME=$T/xdg" "XDG_CONFIG_HOME=$T/c" "XDG_STATE_HOME=$T/s" \
		"XDG_CACHE_HOME=$T/k" "$shims/go" version
	says go1.22.3
}

@test "a relative GOVER_ROOT is refused" {
	expect 126 env GOVER_ROOT=root "$shims/go" version
	says GOVER_ROOT
}

@test "a deleted working directory: the default or a message, no hang" {
	"$gover" default 1.22.3
	mkdir gone
	cd gone
	rmdir "$proj/gone"
	expect 0 go +1.21.6 version
	says go1.21.6
	run timeout 60 go version
	[[ $status -eq 126 || $output == *go1.22.3* ]]
}

@test "an unreadable working directory: a version selected by other means runs" {
	mkdir dark
	cd dark
	chmod 0 "$proj/dark"
	expect 0 unprivileged "$shims/go" +1.22.3 version
	says go1.22.3
	expect 0 unprivileged env GOVER_VERSION=1.21.6 "$shims/go" version
	says go1.21.6
	run unprivileged timeout 60 "$shims/go" version
	[[ $status -eq 126 || $status -eq 127 ]]
	chmod 755 "$proj/dark"
}

@test "a store that is not writable still works, and nothing is written" {
	echo 1.22.3 >.go-version
	find "$GOVER_ROOT" | sort >before
	chmod -R a-w "$GOVER_ROOT"
	rm "$tree/libexec/gover/gover-core"
	expect 0 unprivileged "$shims/go" version
	says go1.22.3
	for cmd in current list "which gofmt" explain; do
		# shellcheck disable=SC2086 # two words
		expect 0 unprivileged gover $cmd
		says_not error
	done
	chmod -R u+w "$GOVER_ROOT"
	find "$GOVER_ROOT" | sort | diff before -
}

@test "a malformed settings file is reported when a setting is needed" {
	echo 1.22.3 >.go-version
	echo 'auto_install = perhaps' >"$GOVER_ROOT/config"
	expect 126 go version
	says "$GOVER_ROOT/config:1"
}
