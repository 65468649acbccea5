#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034,SC2030,SC2031 # set by the helpers, or for them
# Where downloads come from, and servers that drop, refuse, redirect, change or stall.
load helper
load dist

setup_file() {
	make_dist 1.22.3 1.21.6
}

setup() {
	setup_install
	unset NETRC http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY SSL_CERT_FILE SSL_CERT_DIR
	well=$url
}

teardown() {
	stop_servers
}

# How many lines of the log of the server at $1 match $2.
count() {
	server_log "$1" | grep -c "$2" || true
}

with_password() {
	echo "${1/:\/\//://user:secret@}"
}

@test "a connection that drops is resumed where it broke" {
	serve --drop-after 30000 --times 2
	GOPROXY=$url expect 0 "$gover" install 1.22.3
	whole 1.22.3
	store_is_clean
	[ "$(count "$url" '"range": "bytes=30000-", "if_range": ')" -eq 1 ]
	[ "$(count "$url" '"range": "bytes=60000-"')" -eq 1 ]
}

@test "a server without ranges sends everything again" {
	serve --drop-after 60000 --times 1 --no-range
	export GOVER_SOURCES=golang GOVER_GOLANG_URL=$url/dl
	expect 0 "$gover" install 1.22.3
	whole 1.22.3
	store_is_clean
}

@test "a server that is busy for a moment" {
	serve --fail 503 --times 2 --retry-after 0
	GOPROXY=$url expect 0 "$gover" install 1.22.3
	whole 1.22.3
}

# install_until_stall: in the background, until 60000 bytes came and no more do; sets pid and part.
install_until_stall() {
	serve --stall-after 60000 --times 1
	export GOPROXY=$url
	part=$GOVER_ROOT/downloads/go1.22.3.linux-amd64.zip.part
	# bash lets what it runs in the background ignore Ctrl-C.
	env --default-signal=INT "$tree/libexec/gover/gover-core" install 1.22.3 >"$T/out" 2>&1 3>&- &
	pid=$!
	wait_until at_least 60000 "$part"
}

next_run_resumes() {
	expect 0 "$gover" install 1.22.3
	whole 1.22.3
	store_is_clean
	[ "$(count "$url" '"range": "bytes=60000-"')" -eq 1 ]
}

@test "Ctrl-C keeps what came and nothing else, and the next run resumes" {
	install_until_stall
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 130 ]
	[ -z "$(ls -A "$GOVER_ROOT/staging")" ]
	[ -z "$(ls -A "$sdks")" ]
	next_run_resumes
}

@test "SIGKILL: not listed, and the next run resumes" {
	install_until_stall
	kill -KILL "$pid"
	wait "$pid" || true
	expect 0 "$gover" list
	says_not 1.22.3
	next_run_resumes
}

@test "a list of proxies goes on as its separators say" {
	serve --fail 403
	refuses=$url
	serve --fail 404
	lacks=$url
	GOPROXY=$lacks,$well expect 0 "$gover" install 1.22.3
	GOPROXY=$refuses,$well expect 4 "$gover" install 1.21.6
	says "403 Forbidden"
	GOPROXY="$refuses|$well" expect 0 "$gover" install 1.21.6
}

@test "direct in the list is the download site" {
	serve --fail 404 --fault-paths '@v/.*zip$'
	export GOPROXY=$url,direct GOVER_GOLANG_URL=$url/dl
	expect 0 "$gover" install --json 1.22.3
	says '"origin":"golang"'
}

@test "a failed proof does not go on to the next source" {
	serve --corrupt 50000
	GOPROXY="$url|$well" expect 5 "$gover" install 1.22.3
	nothing_installed
	[ "$(count "$well" '\.zip')" -eq 0 ]
}

@test "a file that changes between two tries is a failure of the network" {
	serve --drop-after 30000 --times 1 --change-etag
	GOPROXY=$url expect 4 "$gover" install 1.22.3
	says "no longer the same file" "starts the download over"
	nothing_installed
}

@test "a wrong length leaves nothing under sdks" {
	serve --wrong-length -100
	GOPROXY=$url expect 5 "$gover" install 1.22.3
	nothing_installed
	serve --wrong-length 100
	GOPROXY=$url expect 4 "$gover" install 1.22.3
	nothing_installed
}

@test "off refuses" {
	GOPROXY=off expect 4 "$gover" install 1.22.3
	says "GOPROXY=off forbids it"
	GOVER_SOURCES=off expect 4 "$gover" install 1.22.3
	says "the setting 'sources' forbids it"
	nothing_installed
}

@test "four at once: one download, four times success" {
	for i in 1 2 3 4; do
		"$gover" install 1.22.3 2>"$T/log.$i" 3>&- &
		pids[i]=$!
	done
	for i in 1 2 3 4; do
		wait "${pids[i]}"
	done
	whole 1.22.3
	store_is_clean
	[ "$(count "$well" '\.zip')" -eq 1 ]
}

@test "redirects: a loop ends, and no password goes along to another host" {
	serve --redirect-loop
	GOPROXY=$url expect 4 "$gover" install 1.22.3
	says "more than 10 redirects"
	serve --redirect-to "${well/127.0.0.1/localhost}"
	GOPROXY=$(with_password "$url") expect 0 "$gover" install 1.22.3
	[ "$(count "$url" 'zip.*"auth": "Basic dXNlcjpzZWNyZXQ="')" -eq 1 ]
	[ "$(count "$well" zip)" -eq 1 ]
	[ "$(count "$well" '"auth"')" -eq 0 ]
}

@test "a password in the URL is never shown or written down" {
	GOPROXY=$(with_password "$well")
	expect 3 "$gover" install 1.99.1
	says_not secret
	expect 0 "$gover" -v install --json 1.22.3
	says_not secret
	[ "$(grep -rl secret "$GOVER_ROOT" | wc -l)" -eq 0 ]
}

@test "a password in the clear is refused" {
	GOPROXY=http://user:secret@name.test expect 2 "$gover" install 1.22.3
	says "will not send a password over http"
	says_not secret
}

@test "an HTTP proxy, unless NO_PROXY names the host" {
	export GOPROXY=http://name.test http_proxy=$well
	expect 0 "$gover" install 1.22.3
	[ "$(count "$well" '"proxied": "name.test"')" -ge 3 ]
	NO_PROXY=.other.test,name.test:80 expect 4 "$gover" install 1.21.6
	says "name.test"
	nothing_of 1.21.6
}

nothing_of() {
	[ ! -e "$sdks/go$1" ] && [ ! -e "$GOVER_ROOT/manifests/go$1" ]
}

@test "an exact version that the index lacks is tried all the same" {
	serve_root=$T/old
	cp -r "$DIST" "$serve_root"
	echo '[]' >"$serve_root/dl.json"
	serve
	export GOVER_SOURCES=golang GOVER_GOLANG_URL=$url/dl
	expect 0 "$gover" install 1.22.3
	whole 1.22.3
	expect 3 "$gover" install 1.99.1
}

@test "a site without index and hashes is still proven by the log" {
	cp -r "$DIST" "$T/old"
	rm "$T/old/dl.json" "$T"/old/dl/*.sha256
	GOVER_SOURCES=$T/old expect 0 "$gover" install 1.22.3
	says "proven: $SUMDB record"
}

@test "the list of releases: from the proxy, from the site, and the old one when there is none" {
	core=$tree/libexec/gover/gover-core
	list=$GOVER_ROOT/index/releases
	expect 0 "$core" __refresh
	grep -q "^1.22.3	2024-05-07	stable$" "$list"
	sed 1d "$list" >"$T/first"
	GOVER_SOURCES=golang GOVER_GOLANG_URL=$well/dl expect 0 "$core" __refresh
	sed 1d "$list" | diff "$T/first" -
	GOPROXY=http://127.0.0.1:1 expect 4 "$core" __refresh
	sed 1d "$list" | diff "$T/first" -
}

@test "TLS: the authorities of SSL_CERT_FILE and SSL_CERT_DIR, netrc, and no way from https to http" {
	command -v openssl >/dev/null || skip "openssl not found"
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1 \
		-keyout "$T/key.pem" -out "$T/cert.pem" 2>/dev/null
	serve --tls "$T/cert.pem" "$T/key.pem"
	export GOPROXY=$url
	expect 4 "$gover" install 1.22.3
	says SSL_CERT_FILE
	SSL_CERT_FILE=$T/cert.pem expect 0 "$gover" install 1.22.3
	mkdir "$T/certs"
	cp "$T/cert.pem" "$T/certs/plain-name.pem"
	export SSL_CERT_DIR=/nonexistent:$T/certs
	echo "machine ${url#https://} login me password netrc-secret" >"$HOME/.netrc"
	expect 0 "$gover" install 1.21.6
	[ "$(count "$url" 'zip.*"auth": "Basic bWU6bmV0cmMtc2VjcmV0"')" -eq 1 ]
	serve --tls "$T/cert.pem" "$T/key.pem" --redirect-to "$well"
	GOPROXY=$url expect 4 "$gover" install --force 1.22.3
	says "redirected from https to 'http://"
	whole 1.22.3
}

@test "a stall ends within 90 seconds, a slow drip goes on" {
	[ -n "${GOVER_LONG_TESTS-}" ] || skip "takes two minutes, runs with GOVER_LONG_TESTS=1"
	serve --rate 4000
	GOPROXY=$url expect 0 "$gover" install 1.22.3
	serve --stall-after 10000
	SECONDS=0
	GOPROXY=$url expect 4 "$gover" install 1.21.6
	says stalled "the bytes so far are kept"
	[ "$SECONDS" -le 95 ]
}
