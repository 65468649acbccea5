#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034 # set by the helpers, or for them
# What cannot be proven is not installed: exit 5, nothing below sdks/, and no other source is tried.
load helper
load dist

bats_require_minimum_version 1.5.0

setup_file() {
	make_dist 1.21.6 1.22.3 1.22.4
}

setup() {
	setup_install
}

teardown() {
	stop_servers
}

# refused OPTION...: a server that lies or breaks so is not believed, and no other is asked.
refused() {
	serve "$@"
	GOPROXY="$url|$GOPROXY" expect 5 "$gover" install 1.22.3
	nothing_installed
}

lookup=lookup/golang.org/toolchain@v0.0.1-go1.22.3.linux-amd64

@test "a log that has another hash" {
	sed 's/\(go1.22.3.linux-amd64 h1:\)......../\1\/\/\/\/\/\/\/\//' "$DIST/records" >"$T/records"
	other_log
	serve_root=$other refused
	says "checksum mismatch for golang.org/toolchain v0.0.1-go1.22.3.linux-amd64" "$SUMDB says h1:/" ", but found h1:"
}

@test "a log with a wrong signature" {
	other_log
	sed -i "s/^\(. $SUMDB .\{20\}\)......../\1++++++++/" "$other/proxy/sumdb/$SUMDB/$lookup"
	serve_root=$other refused
}

@test "a log whose record is about something else" {
	sed 's/go1.22.3.linux-amd64/go1.22.3.linux-amd64x/' "$DIST/records" >"$T/records"
	other_log
	mv "$other/proxy/sumdb/$SUMDB/${lookup}x" "$other/proxy/sumdb/$SUMDB/$lookup"
	serve_root=$other refused
}

@test "a log with a forged tile" {
	local tile
	other_log
	while read -r tile; do
		printf forged-by-test | dd of="$tile" bs=1 seek=40 conv=notrunc status=none
	done < <(find "$other/proxy/sumdb/$SUMDB/tile/8/0" -type f)
	serve_root=$other refused
}

@test "a log that has forked is reported with both heads" {
	expect 0 "$gover" install 1.21.6
	other_log --fork
	serve_root=$other serve
	GOPROXY=$url expect 5 "$gover" install 1.22.3
	says "SECURITY" "old database:" "new database:" "— $SUMDB"
	[ ! -e "$sdks/go1.22.3" ]
	store_is_clean
}

@test "a log that has grown is fine, and then the old one too" {
	expect 0 "$gover" install 1.21.6
	other_log --size 900
	serve_root=$other serve
	GOPROXY=$url expect 0 "$gover" install 1.22.3
	expect 0 "$gover" install 1.22.4
	store_is_clean
}

@test "a database that cannot be reached" {
	GOSUMDB="sum.golang.org" expect 4 "$gover" install 1.22.3
	[ -z "$(find "$sdks" "$GOVER_ROOT/staging" -mindepth 1)" ]
}

@test "a zip with a changed byte" {
	refused --corrupt 3000
	says "says h1:" "but found a damaged archive"
}

@test "a stored head that is damaged is named by its file" {
	expect 0 "$gover" install 1.22.3
	echo damaged >"$GOVER_ROOT/sumdb/$SUMDB/latest"
	expect 5 "$gover" install --force 1.22.3
	says "'$GOVER_ROOT/sumdb/$SUMDB/latest': malformed note"
}

@test "a zip with a changed byte in its directory" {
	size=$(stat -c %s "$DIST"/proxy/golang.org/toolchain/@v/v0.0.1-go1.22.3.linux-amd64.zip)
	refused --corrupt "$((size - 300))"
}

@test "a zip that is cut" {
	size=$(stat -c %s "$DIST"/proxy/golang.org/toolchain/@v/v0.0.1-go1.22.3.linux-amd64.zip)
	for cut in 1000 "$((size - 500))" "$((size - 1))"; do
		refused --truncate "$cut"
	done
}

@test "an archive with a changed byte" {
	serve --corrupt 3000
	export GOVER_GOLANG_URL=$url/dl
	GOVER_SOURCES=golang,goproxy expect 5 "$gover" install 1.22.3
	nothing_installed
}

@test "an archive that is not the index's" {
	cp -r "$DIST" "$T/other"
	cp "$DIST/dl/go1.22.4.linux-amd64.tar.gz" "$T/other/dl/go1.22.3.linux-amd64.tar.gz"
	GOVER_SOURCES=$T/other expect 5 "$gover" install 1.22.3
	nothing_installed
	# The publisher's own index may be wrong as well: the log still knows.
	python3 - "$T/other/dl.json" <<-'PYTHON'
		import json, sys
		index = json.load(open(sys.argv[1]))
		files = {f["filename"]: f for r in index for f in r["files"]}
		a, b = files["go1.22.3.linux-amd64.tar.gz"], files["go1.22.4.linux-amd64.tar.gz"]
		a["sha256"], a["size"] = b["sha256"], b["size"]
		json.dump(index, open(sys.argv[1], "w"))
	PYTHON
	GOVER_SOURCES=$T/other expect 5 "$gover" install 1.22.3
	says "checksum mismatch for golang.org/toolchain v0.0.1-go1.22.3.linux-amd64" "$SUMDB says h1:"
	nothing_installed
}

@test "GOSUMDB=off refuses, and says what to do" {
	GOSUMDB=off expect 5 "$gover" install 1.22.3
	says "checksum database disabled by GOSUMDB=off"
	nothing_installed
	GOSUMDB=off GONOSUMDB='*' expect 5 "$gover" install 1.22.3
}

@test "verify=off installs, and says that nobody vouched" {
	GOVER_VERIFY=off GOSUMDB=off expect 0 "$gover" install 1.22.3
	says "unlogged"
	whole 1.22.3
	grep -Fx "proof none" "$GOVER_ROOT/manifests/go1.22.3"
}

@test "GOPROXY as one file URL: the go command's own exception" {
	export GOPROXY=file://$DIST/proxy
	GOSUMDB=off expect 0 "$gover" install 1.22.3
	says "unlogged"
	GONOSUMDB=golang.org expect 0 "$gover" install 1.22.4
	says "unlogged"
	GOPROXY=$GOPROXY,off GOSUMDB=off expect 5 "$gover" install 1.21.6
}

# forged: $forged has another tree under the name of 1.22.3, its own gover.sum, and the true log.
forged() {
	forged=$T/forged
	python3 "$top_srcdir/tests/fake/dist.py" fake "$forged" 1.22.3 --size 70000
	ln -s "$DIST/proxy/sumdb" "$forged/proxy/sumdb"
}

@test "a repository with a gover.sum for a forged tree, and a mirror that has it" {
	forged
	cp "$forged/gover.sum" .
	mkdir -p sub/dir
	cd sub/dir
	serve_root=$forged serve
	GOPROXY=$url expect 5 "$gover" install 1.22.3
	says "checksum mismatch for golang.org/toolchain v0.0.1-go1.22.3.linux-amd64" "$SUMDB says h1:" ", but found h1:"
	says "$proj/gover.sum:1"
	nothing_installed
	GOPROXY=file://$forged/proxy GOSUMDB="$SUMDB_KEY" expect 5 "$gover" install 1.22.3
	nothing_installed
	GOPROXY=$url GOSUMDB=off expect 5 "$gover" install 1.22.3
	nothing_installed
	"$gover" list >/dev/null 2>&1
	GOPROXY=$url GOVER_VERSION=1.22.3 expect 5 "$shims/go" version
	nothing_installed
}

@test "gover.sum adds a demand: the log is asked, and its proof is recorded" {
	cp "$DIST/gover.sum" .
	mkdir -p sub/dir
	cd sub/dir
	expect 0 "$gover" install 1.22.3
	says "proven: $SUMDB record "
	whole 1.22.3
	grep -q "^proof log $SUMDB " "$GOVER_ROOT/manifests/go1.22.3"
}

@test "gover.sum does not stand in for a log that cannot be reached or is off" {
	cp "$DIST/gover.sum" .
	GOSUMDB="$SUMDB_KEY http://127.0.0.1:1" expect 4 "$gover" install 1.22.3
	[ -z "$(find "$sdks" "$GOVER_ROOT/staging" -mindepth 1)" ]
	GOSUMDB=off expect 5 "$gover" install 1.22.3
	says "checksum database disabled by GOSUMDB=off"
	says_not "gover.sum"
	[ -z "$(find "$sdks" "$GOVER_ROOT/staging" -mindepth 1)" ]
}

@test "gover.sum that says otherwise" {
	sed 's/\(go1.22.3.linux-amd64 h1:\)......../\1\/\/\/\/\/\/\/\//' "$DIST/gover.sum" >gover.sum
	expect 5 "$gover" install 1.22.3
	says "$proj/gover.sum:3 says h1:/" "but found h1:" "the hash that was found is in $SUMDB"
	nothing_installed
	# Also of a tree that cannot be proven at all: it is known to be wrong.
	GOSUMDB="$SUMDB_KEY http://127.0.0.1:1" expect 5 "$gover" install 1.22.3
	says "$proj/gover.sum:3 says h1:/"
	nothing_installed
	sed -i 3d gover.sum
	echo "golang.org/toolchain v0.0.1-go1.22.3.linux-amd64 sha1:xyz" >>gover.sum
	expect 2 "$gover" install 1.22.3
	says "$proj/gover.sum:"
	nothing_installed
}

@test "verify=off: gover.sum is a demand, and no proof" {
	cp "$DIST/gover.sum" .
	GOVER_VERIFY=off expect 0 "$gover" install 1.22.3
	says "unlogged"
	grep -Fx "proof none" "$GOVER_ROOT/manifests/go1.22.3"
	forged
	serve_root=$forged serve
	GOVER_VERIFY=off GOPROXY=$url expect 5 "$gover" install --force 1.22.3
	says "$proj/gover.sum:3 says h1:" ", but found h1:"
	whole 1.22.3
	store_is_clean
}

@test "a gover.sum that another user left where anybody can write does not count" {
	[ "$(id -u)" -eq 0 ] || skip "needs another user's file"
	mkdir -p shared/sub
	chmod 1777 shared
	echo nonsense >shared/gover.sum
	cd shared/sub
	expect 2 "$gover" install 1.22.3
	chown 65534 ../gover.sum
	expect 0 "$gover" install 1.22.3
	says "warning: '$proj/shared/gover.sum' is ignored"
	grep -q "^proof log $SUMDB " "$GOVER_ROOT/manifests/go1.22.3"
	# Nor does it hide the one further up.
	echo nonsense >"$proj/gover.sum"
	expect 2 "$gover" install 1.22.4
	says "$proj/gover.sum:1"
	# In a directory that is not everybody's, whoever wrote it was let to.
	chmod 775 ..
	rm "$proj/gover.sum"
	expect 2 "$gover" install 1.22.4
	says "$proj/shared/gover.sum:1"
}

@test "what only a gover.sum vouched for, or nobody, is not taken for proven" {
	expect 0 "$gover" install 1.22.3
	sed -i "s,^proof .*,proof file $proj/gover.sum 3," "$GOVER_ROOT/manifests/go1.22.3"
	expect 0 "$gover" install 1.22.3
	says "go1.22.3 is already installed, but not proven (only $proj/gover.sum:3 names its hash)" "install it with --force"
	expect 0 "$gover" list
	line_is "  1.22.3  unconfirmed"
	rm "$GOVER_ROOT/manifests/go1.22.3"
	expect 0 "$gover" install 1.22.3
	says "go1.22.3 is already installed, but not proven (it has no manifest)"
	expect 0 "$gover" install --json 1.22.3
	says '"proof":"unproven"' '"witness":null'
	expect 0 "$gover" install --force 1.22.3
	says "proven: $SUMDB record "
	expect 0 "$gover" install 1.22.3
	says "go1.22.3 is already installed"
	says_not ", but"
	expect 0 "$gover" list
	line_is "  1.22.3"
}

@test "a shim exits with 5" {
	serve --corrupt 3000
	"$gover" list >/dev/null 2>&1
	GOPROXY=$url GOVER_VERSION=1.22.3 expect 5 "$shims/go" version
	nothing_installed
}

@test "an archive without a go is no toolchain" {
	local mod=golang.org/toolchain
	mkdir -p "$T/none/$mod/@v"
	python3 - "$T/none/$mod/@v/v0.0.1-go1.22.9.linux-amd64.zip" "$mod@v0.0.1-go1.22.9.linux-amd64" <<-'PYTHON'
		import sys, zipfile
		with zipfile.ZipFile(sys.argv[1], "w") as z:
		    z.writestr(sys.argv[2] + "/bin/gofmt", "#!/bin/sh\n")
	PYTHON
	GOVER_VERIFY=off GOPROXY=file://$T/none expect 5 "$gover" install 1.22.9
	says "no bin/go"
	nothing_installed
}
