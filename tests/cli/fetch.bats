#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2030,SC2031,SC2034 # set by net.bash, or for it
# Downloads from servers that are well, slow, broken or lying.

setup_file() {
	load net.bash
	setup_dist
}

setup() {
	load net.bash
	setup_net
}

teardown() {
	teardown_net
}

@test "a module proxy, proven by the log" {
	serve
	via_proxy
	expect 0 core install 1.22.3
	says "sum.test record"
	installed 1.22.3
	[ "$(requests '\.zip')" -eq 1 ]
	is_empty downloads
}

@test "the download site reaches the same hash" {
	serve
	via_golang
	expect 0 core install --json 1.22.3
	says "$(grep -o 'go1.22.3.* h1:[^ ]*' "$dist/records" | grep -o 'h1:.*')" '"origin":"golang"'
	installed 1.22.3
	[ ! -e "$GOVER_ROOT/sdks/go1.22.3/test" ]
}

@test "a file URL, and a directory of either kind" {
	via_proxy "file://$dist/proxy"
	expect 0 core install 1.22.3
	installed 1.22.3
	export GOVER_SOURCES=$dist/proxy GOVER_ROOT=$T/second
	expect 0 core install 1.22.3
	installed 1.22.3
	export GOVER_SOURCES=$dist GOVER_ROOT=$T/third
	expect 0 core install 1.22.3 1.21.6
	installed 1.21.6
}

@test "connections that drop are resumed" {
	serve --drop-after 30000 --times 3
	via_proxy
	expect 0 core install 1.22.3
	installed 1.22.3
	[ "$(requests '"range": "bytes=30000-", "if_range": ')" -eq 1 ]
	[ "$(requests '"range": "bytes=90000-"')" -eq 1 ]
}

@test "a server without ranges sends everything again" {
	serve --drop-after 60000 --times 1 --no-range
	via_golang
	expect 0 core install 1.22.3
	installed 1.22.3
}

@test "a file that changes between two tries is a failure of the network" {
	serve --drop-after 30000 --times 1 --change-etag
	via_proxy
	expect 4 core install 1.22.3
	says "no longer the same file"
	is_empty sdks staging manifests downloads
}

@test "a killed run is resumed by the next" {
	serve --stall-after 60000 --times 1
	via_proxy
	"$top_builddir/gover-core" install 1.22.3 2>"$T/first.log" &
	pid=$!
	part=$GOVER_ROOT/downloads/go1.22.3.linux-amd64.zip.part
	wait_for test -s "$part"
	wait_for eval "[ \$(stat -c %s '$part') -eq 60000 ]"
	kill -KILL "$pid"
	wait "$pid" || true
	[ ! -e "$GOVER_ROOT/sdks/go1.22.3" ]
	expect 0 core install 1.22.3
	installed 1.22.3
	[ "$(requests '"range": "bytes=60000-"')" -eq 1 ]
	is_empty downloads staging
}

@test "an interrupted run keeps what came, and nothing else" {
	serve --stall-after 60000 --times 1
	via_proxy
	"$top_builddir/gover-core" install 1.22.3 2>"$T/first.log" &
	pid=$!
	part=$GOVER_ROOT/downloads/go1.22.3.linux-amd64.zip.part
	wait_for test -s "$part"
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 130 ]
	[ -s "$part" ]
	is_empty staging sdks
	expect 0 core install 1.22.3
	installed 1.22.3
}

@test "a changed byte is a failed proof" {
	serve --corrupt 50000
	via_proxy
	expect 5 core install 1.22.3
	is_empty sdks staging manifests downloads
	via_golang
	expect 5 core install 1.22.3
	is_empty sdks staging manifests downloads
}

@test "a failed proof does not go on to the next source" {
	serve --corrupt 50000
	bad=$url
	serve
	via_proxy "$bad|$url"
	expect 5 core install 1.22.3
	is_empty sdks staging manifests downloads
	[ "$(requests '\.zip')" -eq 0 ]
}

@test "a file that is cut short leaves nothing" {
	serve --truncate 70000
	via_proxy
	run core install 1.22.3
	[ "$status" -ne 0 ]
	is_empty sdks staging manifests downloads
	via_golang
	expect 5 core install 1.22.3
	is_empty sdks staging manifests downloads
}

@test "a wrong length leaves nothing" {
	serve --wrong-length -100
	via_proxy
	run core install 1.22.3
	[ "$status" -ne 0 ]
	is_empty sdks staging manifests downloads
	serve --wrong-length 100
	via_proxy
	expect 4 core install 1.22.3
	is_empty staging sdks
}

@test "what no source has is not found" {
	serve
	via_proxy
	expect 3 core install 1.99.1
	via_golang
	expect 3 core install 1.99.1
	is_empty sdks staging manifests downloads
}

@test "a list of proxies goes on as its separators say" {
	serve --fail 403
	refuses=$url
	serve --fail 404
	lacks=$url
	serve
	via_proxy "$lacks,$url"
	expect 0 core install 1.22.3
	via_proxy "$refuses,$url"
	expect 4 core install 1.21.6
	says "403"
	via_proxy "$refuses|$url"
	expect 0 core install 1.21.6
}

@test "direct in the list is the download site" {
	serve --fail 404 --fault-paths '@v/.*zip$'
	export GOPROXY=$url,direct GOVER_GOLANG_URL=$url/dl
	expect 0 core install --json 1.22.3
	says '"origin":"golang"'
}

@test "off refuses" {
	serve
	via_proxy off
	expect 4 core install 1.22.3
	says "GOPROXY=off"
	GOVER_SOURCES=off GOPROXY=$url expect 4 core install 1.22.3
	says "sources"
	is_empty sdks staging manifests downloads
}

@test "a busy server is asked again" {
	serve --fail 503 --times 2 --retry-after 0
	via_proxy
	expect 0 core install 1.22.3
	installed 1.22.3
}

@test "redirects: a loop ends, no password goes along" {
	serve --redirect-loop
	via_proxy
	expect 4 core install 1.22.3
	says "redirects"
	serve
	target=$url
	serve --redirect-to "${target/127.0.0.1/localhost}"
	via_proxy "${url/:\/\//://user:secret@}"
	expect 0 core install 1.22.3
	[ "$(requests 'zip.*"auth": "Basic')" -eq 1 ]
	url=$target
	[ "$(requests zip)" -eq 1 ]
	[ "$(requests '"auth"')" -eq 0 ]
}

@test "a password in the URL is used and never shown" {
	serve
	via_proxy "${url/:\/\//://user:secret@}"
	expect 3 core install 1.99.1
	says_not secret
	expect 0 core install --json 1.22.3
	says_not secret
	[ "$(requests 'zip.*"auth": "Basic dXNlcjpzZWNyZXQ="')" -ge 1 ]
	! grep -r secret "$GOVER_ROOT" --include='go*' --exclude-dir=sdks
}

@test "a password in the clear is refused" {
	via_proxy "http://user:secret@name.test"
	expect 2 core install 1.22.3
	says "will not send a password over http"
	says_not secret
}

@test "an HTTP proxy, unless NO_PROXY names the host" {
	serve
	via_proxy http://name.test/
	export http_proxy=$url
	expect 0 core install 1.22.3
	[ "$(NO_PROXY=127.0.0.1 requests '"proxied": "name.test"')" -ge 3 ]
	export NO_PROXY=.other.test,name.test:80
	expect 4 core install 1.21.6
	says "name.test"
}

@test "an exact version that the index lacks is tried all the same" {
	serve_root=$T/old
	cp -r "$dist" "$serve_root"
	echo '[]' >"$serve_root/dl.json"
	serve
	via_golang
	expect 0 core install 1.22.3
	installed 1.22.3
}

@test "a site without hashes is still proven by the log" {
	serve_root=$T/old
	cp -r "$dist" "$serve_root"
	rm "$serve_root/dl.json" "$serve_root"/dl/*.sha256
	export GOVER_SOURCES=$serve_root GOPROXY=file://$dist/proxy
	expect 0 core install 1.22.3
	says "sum.test record"
}

@test "a list of releases: from the proxy, from the site, and the old one when there is none" {
	serve
	via_proxy
	expect 0 core __refresh
	grep -q "^1.22.3	2024-05-07	stable$" "$GOVER_ROOT/index/releases"
	first=$(sed -n 2,99p "$GOVER_ROOT/index/releases")
	via_golang
	expect 0 core __refresh
	[ "$(sed -n 2,99p "$GOVER_ROOT/index/releases")" = "$first" ]
	kill "$server"
	expect 4 core __refresh
	[ "$(sed -n 2,99p "$GOVER_ROOT/index/releases")" = "$first" ]
}

@test "four at once: one download" {
	serve
	via_proxy
	for i in 1 2 3 4; do
		core install 1.22.3 2>"$T/log.$i" &
		pids[i]=$!
	done
	for i in 1 2 3 4; do
		wait "${pids[i]}"
	done
	installed 1.22.3
	[ "$(requests '\.zip')" -eq 1 ]
}

@test "TLS: the certificate authorities of SSL_CERT_FILE and SSL_CERT_DIR, netrc" {
	command -v openssl >/dev/null || skip "openssl not found"
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1 \
		-keyout "$T/key.pem" -out "$T/cert.pem" 2>/dev/null
	serve --tls "$T/cert.pem" "$T/key.pem"
	via_proxy
	expect 4 core install 1.22.3
	says SSL_CERT_FILE
	SSL_CERT_FILE=$T/cert.pem expect 0 core install 1.22.3
	mkdir "$T/certs"
	cp "$T/cert.pem" "$T/certs/plain-name.pem"
	export SSL_CERT_DIR=/nonexistent:$T/certs
	echo "machine ${url#https://} login me password netrc-secret" >"$HOME/.netrc"
	expect 0 core install 1.21.6
	curl -sk "$url/-/log" | grep -q '"auth": "Basic bWU6bmV0cmMtc2VjcmV0"'
	# Nothing may lead from https to http.
	serve
	serve --tls "$T/cert.pem" "$T/key.pem" --redirect-to "$url"
	via_proxy
	expect 4 core install --force 1.22.3
	says "redirected from https to 'http://"
}

@test "a stall ends within 90 seconds, a slow drip does not" {
	[ -n "${GOVER_LONG_TESTS-}" ] || skip "takes two minutes: GOVER_LONG_TESTS=1"
	serve --rate 4000
	via_proxy
	expect 0 core install 1.22.3
	serve --stall-after 10000
	via_proxy
	SECONDS=0
	expect 4 core install 1.21.6
	says stalled
	[ "$SECONDS" -le 95 ]
}
