#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034,SC2030,SC2031 # set by the helpers, or for them
# gover install and uninstall: what lands in the store, from where, and who vouched for it.
load helper
load dist

bats_require_minimum_version 1.5.0

setup_file() {
	make_dist 1.21.6 1.22.3 1.22.4 1.23rc2 1.99.1 1.99.2
	python3 "$top_srcdir/tests/fake/dist.py" fake "$DIST" --platform linux-arm64 1.22.3
	python3 "$top_srcdir/tests/fake/dist.py" fake "$DIST" --platform windows-amd64 1.22.3
	make_log
}

setup() {
	setup_install
}

teardown() {
	stop_servers
}

@test "a module zip is installed and proven by the log" {
	expect 0 "$gover" install 1.22.3
	says "installed go1.22.3 (proven: $SUMDB record "
	whole 1.22.3
	store_is_clean
	expect 0 cat "$GOVER_ROOT/manifests/go1.22.3"
	says "gover-manifest 1" "version 1.22.3" "platform linux-amd64" "source goproxy $url/" "proof log $SUMDB "
	line_is "$(printf '%s' "$(sha256sum <"$sdks/go1.22.3/bin/go" | cut -d' ' -f1) 555 $(stat -c %s "$sdks/go1.22.3/bin/go") bin/go")"
	[ -L "$shims/go1.22.3" ]
	expect 0 go1.22.3 version
	line_is "go version go1.22.3 linux/amd64"
}

@test "the second time there is nothing to do" {
	expect 0 "$gover" install 1.22.3
	stop_servers
	expect 0 "$gover" install 1.22.3
	says "go1.22.3 is already installed"
}

@test "an archive is proven by the same record" {
	export GOVER_SOURCES=golang GOVER_GOLANG_URL=$url/dl
	expect 0 "$gover" install 1.22.3
	says "installed go1.22.3 (proven: $SUMDB record "
	whole 1.22.3
	store_is_clean
	expect 0 cat "$GOVER_ROOT/manifests/go1.22.3"
	says "source golang $url/"
}

@test "a directory of archives, and one of modules" {
	GOVER_SOURCES=$DIST expect 0 "$gover" install 1.22.3
	whole 1.22.3
	GOVER_SOURCES=$DIST/proxy expect 0 "$gover" install 1.22.4
	whole 1.22.4
	store_is_clean
}

@test "modes are ours whatever the umask, and times the release's" {
	for mask in 077 000; do
		umask "$mask"
		expect 0 "$gover" install --force 1.22.3
		[ "$(find "$sdks/go1.22.3" -type d ! -perm 755 | wc -l)" -eq 0 ]
		[ "$(find "$sdks/go1.22.3" -type f ! -perm 444 ! -perm 555 | wc -l)" -eq 0 ]
		[ "$(find "$sdks/go1.22.3" -type f -perm 555 -printf '%P\n' | LC_ALL=C sort | tr '\n' ' ')" = \
			"bin/go bin/gofmt lib/time/update.bash pkg/tool/linux_amd64/compile " ]
		[ "$(find "$sdks/go1.22.3" -type f -newermt 2024-05-03 | wc -l)" -eq 0 ]
	done
}

@test "several versions in one command" {
	expect 0 "$gover" install 1.21.6 1.22.3 1.22.4
	whole 1.21.6
	whole 1.22.3
	whole 1.22.4
	store_is_clean
}

@test "a partial version and a word mean the newest known match" {
	expect 0 "$gover" install 1.99
	whole 1.99.2
	expect 0 "$gover" install stable '>=1.99' latest
	says "go1.99.2 is already installed"
	[ "$(wc -l <<<"$output")" -eq 1 ]
	expect 3 "$gover" install 1.98
	says "no known Go version is '1.98'"
}

@test "a pre-release by its name" {
	expect 0 "$gover" install go1.23rc2
	whole 1.23rc2
}

@test "without a version: what the directory asks for" {
	echo 1.99 >.go-version
	expect 0 "$gover" install
	whole 1.99.2
	expect 0 "$gover" uninstall 1.99.2
	rm -r .go-version "$GOVER_ROOT/index"
	printf 'module m\n\ngo 1.99.1\n' >go.mod
	expect 0 "$gover" install
	whole 1.99.2
}

@test "--json says all of it" {
	run --separate-stderr "$gover" install --json -q 1.22.3 1.97.1
	[ "$status" -eq 3 ]
	python3 - <<-PYTHON
		import json
		a, b = json.loads('''$output''')["versions"]
		assert a["version"] == "1.22.3" and a["platform"] == "linux-amd64" and a["error"] is None, a
		assert a["path"] == "$sdks/go1.22.3" and a["already"] is False and a["origin"] == "goproxy", a
		assert a["h1"].startswith("h1:") and a["proof"] == "log" and a["witness"] == "$SUMDB", a
		assert a["record"] >= 0 and a["tree_size"] == 600 and a["bytes"] > 100000, a
		assert b["version"] == "1.97.1" and "1.97.1" in b["error"], b
	PYTHON
}

@test "a version that nobody has" {
	expect 3 "$gover" install 1.22.33
	says "no source has go1.22.33 for linux-amd64" "did you mean 1.22.3?"
	nothing_installed
}

@test "another platform is kept apart" {
	expect 0 "$gover" install --platform linux/arm64 1.22.3
	[ -x "$sdks/go1.22.3.linux-arm64/bin/go" ]
	[ ! -e "$sdks/go1.22.3" ]
	expect 0 "$gover" install --platform windows/amd64 1.22.3
	expect 0 "$gover" install --platform linux/amd64 1.22.3
	whole 1.22.3
	expect 0 "$gover" uninstall --platform linux/arm64 1.22.3
	[ ! -e "$sdks/go1.22.3.linux-arm64" ]
	whole 1.22.3
	store_is_clean
	expect 2 "$gover" install --platform arm64 1.22.3
}

@test "who waits says for whom" {
	serve --stall-after 60000 --times 1
	GOPROXY=$url "$gover" install 1.22.3 >"$T/first" 2>&1 3>&- &
	local first=$! second core
	wait_until test -s "$GOVER_ROOT/locks/go1.22.3"
	core=$(cat "$GOVER_ROOT/locks/go1.22.3")
	"$gover" install 1.22.3 >"$T/second" 2>&1 3>&- &
	second=$!
	wait_until grep -q waiting "$T/second"
	ask "$url/-/go"
	wait "$second"
	output=$(cat "$T/second")
	says "go1.22.3: waiting for process $core, which is installing it" "go1.22.3 is already installed"
	wait "$first"
	store_is_clean
}

@test "--force replaces what is there" {
	expect 0 "$gover" install 1.22.3
	chmod u+w "$sdks/go1.22.3/VERSION"
	echo broken >"$sdks/go1.22.3/VERSION"
	touch "$sdks/go1.22.3/stray"
	expect 0 "$gover" install --force 1.22.3
	says "installed go1.22.3"
	whole 1.22.3
	grep -q go1.22.3 "$sdks/go1.22.3/VERSION"
	store_is_clean
}

@test "a directory without a go is no SDK, and is replaced" {
	mkdir -p "$sdks/go1.22.3/src"
	expect 0 "$gover" install 1.22.3
	whole 1.22.3
	store_is_clean
}

@test "a manifest of a newer format is refused, and --force repairs" {
	expect 0 "$gover" install 1.22.3
	sed -i '1s/1$/2/' "$GOVER_ROOT/manifests/go1.22.3"
	expect 2 "$gover" install 1.22.3
	says "has format 2" "use the gover that wrote it, or a newer one"
	expect 0 "$gover" install --force 1.22.3
	expect 0 "$gover" install 1.22.3
}

@test "leftovers of dead runs are swept, those of living ones stay" {
	expect 0 "$gover" install 1.21.6
	mkdir -p "$GOVER_ROOT/staging/dead/src" "$GOVER_ROOT/staging/alive"
	touch "$GOVER_ROOT/staging/dead/src/x" "$GOVER_ROOT/manifests/go1.19.1" "$GOVER_ROOT/manifests/go1.19.2.new"
	chmod 500 "$GOVER_ROOT/staging/dead/src"
	exec 8<"$GOVER_ROOT/staging/alive"
	flock 8
	expect 0 "$gover" install 1.22.3 8<&-
	[ ! -e "$GOVER_ROOT/staging/dead" ]
	[ -e "$GOVER_ROOT/staging/alive" ]
	[ "$(find "$GOVER_ROOT/manifests" -type f -printf '%f\n' | sort | tr '\n' ' ')" = "go1.21.6 go1.22.3 " ]
	exec 8<&-
}

@test "uninstall takes exact and partial versions" {
	expect 0 "$gover" install 1.21.6 1.22.3 1.22.4
	expect 0 "$gover" uninstall 1.22
	says "removed go1.22.4"
	[ ! -e "$sdks/go1.22.4" ]
	[ ! -L "$shims/go1.22.4" ]
	[ -L "$shims/go1.22.3" ]
	expect 3 "$gover" uninstall 1.22.4
	says "go1.22.4 is not installed"
	expect 3 "$gover" uninstall 1.22.9 1.21.6
	[ ! -e "$sdks/go1.21.6" ]
	store_is_clean
	expect 2 "$gover" uninstall
}

@test "the tool cache of GitHub's runners is adopted, if it is proven" {
	local cache=$T/cache
	mkdir -p "$cache/go/1.22.3"
	expect 0 "$gover" install 1.22.3
	cp -r "$sdks/go1.22.3" "$cache/go/1.22.3/x64"
	touch "$cache/go/1.22.3/x64.complete"
	mkdir "$cache/go/1.22.3/x64/test"
	echo more >"$cache/go/1.22.3/x64/test/more.go"
	expect 0 "$gover" uninstall 1.22.3
	export GOVER_SOURCES=toolcache RUNNER_TOOL_CACHE=$cache
	expect 0 "$gover" install 1.22.3
	says "proven: $SUMDB"
	[ "$(readlink "$sdks/go1.22.3")" = "$cache/go/1.22.3/x64" ]
	store_is_clean
	expect 0 "$gover" uninstall 1.22.3
	[ -e "$cache/go/1.22.3/x64/bin/go" ]
	chmod u+w "$cache/go/1.22.3/x64/VERSION"
	echo >>"$cache/go/1.22.3/x64/VERSION"
	expect 5 "$gover" install 1.22.3
	nothing_installed
}

@test "a shim installs what is missing, without a word of its own" {
	GOVER_VERSION=1.22.3 expect 0 "$tree/bin/gover" list
	run --separate-stderr env GOVER_VERSION=1.22.3 "$shims/go" version
	[ "$status" -eq 0 ]
	[ "$output" = "go version go1.22.3 linux/amd64" ]
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
	whole 1.22.3
	run --separate-stderr env GOVER_VERSION=1.22.4 "$shims/go" exit 7
	[ "$status" -eq 7 ]
	run -127 env GOVER_VERSION=1.97.1 "$shims/go" version
	store_is_clean
}
