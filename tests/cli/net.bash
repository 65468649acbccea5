# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # status and output come from bats, top_builddir from make
# For tests that download: tiny toolchains made once for a file, a checksum database over them, servers that go wrong.
#
#	$dist          ROOT of dist.py, with 1.22.3 and 1.21.6
#	serve FLAG...  a server for it; $url is where, $server its pid
#	via_proxy, via_golang    which source the next installs use
#	core ARG...    gover-core

setup_dist() {
	command -v python3 >/dev/null || skip "python3 not found"
	[ -x "${top_builddir:?}/tests/fake/fakelog" ] || skip "fakelog was not built"
	dist=$BATS_FILE_TMPDIR/dist
	python3 "${top_srcdir:?}/tests/fake/dist.py" fake "$dist" 1.22.3 1.21.6
	"$top_builddir/tests/fake/fakelog" sum.test seed "$dist/proxy/sumdb/sum.test" "$dist/records" >"$dist/key"
}

setup_net() {
	dist=$BATS_FILE_TMPDIR/dist
	T=$(cd "$BATS_TEST_TMPDIR" && pwd -P)
	servers=()
	mkdir -p "$T/home" "$T/work"
	cd "$T/work" || return 1
	export HOME=$T/home GOVER_ROOT=$T/root PATH=/usr/bin:/bin
	unset GOPROXY GOSUMDB GONOSUMDB GOPRIVATE GONOPROXY GOENV XDG_CONFIG_HOME NETRC
	unset HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy SSL_CERT_FILE SSL_CERT_DIR
	GOSUMDB=$(cat "$dist/key")
	export GOSUMDB
}

teardown_net() {
	for pid in "${servers[@]}"; do
		kill "$pid" 2>/dev/null || true
	done
}

# Sets url and server.
serve() {
	local port_file=$T/port.${#servers[@]} scheme=http
	python3 "$top_srcdir/tests/fake/dist.py" serve "${serve_root:-$dist}" --offline --port-file "$port_file" "$@" \
		>/dev/null 2>"$T/server.log" 3>&- &
	server=$!
	servers+=("$server")
	[[ " $* " != *" --tls "* ]] || scheme=https
	wait_for test -s "$port_file"
	url=$scheme://127.0.0.1:$(cat "$port_file")
}

wait_for() {
	for _ in $(seq 500); do
		"$@" && return 0
		sleep 0.02
	done
	echo "waited in vain for: $*"
	return 1
}

via_proxy() {
	export GOVER_SOURCES=goproxy GOPROXY=${1:-$url}
}

via_golang() {
	export GOVER_SOURCES=golang GOVER_GOLANG_URL=${1:-$url/dl} GOPROXY=${2:-$url}
}

core() {
	"$top_builddir/gover-core" "$@"
}

# The status that COMMAND should have.
expect() {
	local want=$1
	shift
	run "$@"
	[ "$status" -eq "$want" ] || {
		printf 'status %s, not %s: %s\n%s\n' "$status" "$want" "$*" "$output"
		return 1
	}
}

says() {
	local text
	for text in "$@"; do
		[[ $output == *"$text"* ]] || {
			printf "no '%s' in:\n%s\n" "$text" "$output"
			return 1
		}
	done
}

says_not() {
	local text
	for text in "$@"; do
		[[ $output != *"$text"* ]] || {
			printf "'%s' in:\n%s\n" "$text" "$output"
			return 1
		}
	done
}

installed() {
	[ "$("$GOVER_ROOT/sdks/go$1/bin/go" version)" = "go version go$1 linux/amd64" ]
}

# is_empty DIR...: these directories below GOVER_ROOT hold nothing.
is_empty() {
	local dir left
	for dir in "$@"; do
		left=$(find "$GOVER_ROOT/$dir" -mindepth 1 2>/dev/null)
		[ -z "$left" ] || {
			printf 'left: %s\n' "$left"
			return 1
		}
	done
}

# Lines of the server's log that match; the proxy for this question is none.
requests() {
	curl -s "$url/-/log" | grep -c "$1" || true
}
