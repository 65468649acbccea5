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
	sed 's/\(go1.22.3.linux-amd64 h1:\)./\1\//' "$DIST/records" >"$T/records"
	other_log
	serve_root=$other refused
	says "checksum mismatch for golang.org/toolchain v0.0.1-go1.22.3.linux-amd64" "$SUMDB says h1:/" ", but found h1:"
}

@test "a log with a wrong signature" {
	other_log
	sed -i "s/^\(. $SUMDB .\{20\}\)./\1+/" "$other/proxy/sumdb/$SUMDB/$lookup"
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
		printf x | dd of="$tile" bs=1 seek=40 conv=notrunc status=none
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

@test "gover.sum proves without the log" {
	cp "$DIST/gover.sum" .
	mkdir -p sub/dir
	cd sub/dir
	GOSUMDB=off GOPROXY=file://$DIST/proxy,off expect 0 "$gover" install 1.22.3
	says "proven: $proj/gover.sum:"
	whole 1.22.3
	grep -q "^proof file $proj/gover.sum " "$GOVER_ROOT/manifests/go1.22.3"
}

@test "gover.sum that says otherwise" {
	sed 's/\(go1.22.3.linux-amd64 h1:\)./\1\//' "$DIST/gover.sum" >gover.sum
	expect 5 "$gover" install 1.22.3
	says "$proj/gover.sum:" "says h1:/" "but found h1:"
	nothing_installed
	sed -i 3d gover.sum
	echo "golang.org/toolchain v0.0.1-go1.22.3.linux-amd64 sha1:xyz" >>gover.sum
	expect 2 "$gover" install 1.22.3
	says "$proj/gover.sum:"
	nothing_installed
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
