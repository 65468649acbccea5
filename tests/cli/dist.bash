# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034,SC2119,SC2120 # set by bats and helper.bash, or for the tests
# For tests that install: the real gover-core, tiny toolchains and a checksum database on the loopback.
#
#	setup_file() { make_dist 1.21.6 1.22.3; }   once: $DIST has the toolchains, $SUMDB_KEY the database's key
#	setup() { setup_install; }                  $gover is real; GOPROXY and GOSUMDB lead to a server without faults
#	serve --corrupt 1000                        another server: $url
#	other_log FLAG...                           $other: the same toolchains with a database of another history
#	teardown() { stop_servers; }

make_dist() {
	command -v python3 >/dev/null || return 0
	export DIST=$BATS_FILE_TMPDIR/dist SUMDB=sumdb.test
	python3 "${top_srcdir:?}/tests/fake/dist.py" fake "$DIST" "$@"
	make_log
}

# Once more after adding to $DIST.
make_log() {
	SUMDB_KEY=$(python3 "${top_srcdir:?}/tests/fake/fakelog.py" "$SUMDB" seed "$DIST/proxy/sumdb/$SUMDB" "$DIST/records")
	export SUMDB_KEY
}

other_log() {
	other=$T/other.${#servers[@]}
	mkdir -p "$other/proxy"
	ln -s "$DIST/dl" "$DIST/dl.json" "$other"
	ln -s "$DIST/proxy/golang.org" "$other/proxy"
	[ -e "$T/records" ] || cp "$DIST/records" "$T/records"
	python3 "$top_srcdir/tests/fake/fakelog.py" "$SUMDB" seed "$other/proxy/sumdb/$SUMDB" "$T/records" "$@"
}

setup_install() {
	command -v python3 >/dev/null || skip "python3 not found"
	setup_tree
	cp "${top_builddir:?}/gover-core" "$tree/libexec/gover/gover-core"
	sdks=$GOVER_ROOT/sdks
	servers=()
	serve
	export GOPROXY=$url GOSUMDB=$SUMDB_KEY GOFLAGS=-mod=mod
}

# serve OPTION...: sets url. Serves $serve_root when that is set.
serve() {
	local port_file=$T/port.${#servers[@]} scheme=http
	# Descriptor 3 is bats' own.
	python3 "$top_srcdir/tests/fake/dist.py" serve "${serve_root:-$DIST}" --offline --port-file "$port_file" "$@" \
		>"$T/server.log" 2>&1 3>&- &
	servers+=($!)
	wait_until test -s "$port_file"
	[[ " $* " != *" --tls "* ]] || scheme=https
	url=$scheme://127.0.0.1:$(cat "$port_file")
}

# The log of the server at $1, whatever proxies and certificates are set.
server_log() {
	ask "$1/-/log"
}

# What the server says at that URL.
ask() {
	python3 - "$1" <<-'PYTHON'
		import ssl, sys, urllib.request
		trust = urllib.request.HTTPSHandler(context=ssl._create_unverified_context())
		print(urllib.request.build_opener(urllib.request.ProxyHandler({}), trust).open(sys.argv[1]).read().decode())
	PYTHON
}

# at_least SIZE FILE
at_least() {
	[ -e "$2" ] && [ "$(stat -c %s "$2")" -ge "$1" ]
}

stop_servers() {
	[ ${#servers[@]} -eq 0 ] || kill "${servers[@]}" 2>/dev/null || true
}

# No half SDK, no manifest without one, nothing in staging, no download left.
store_is_clean() {
	local sdk bad=0
	for sdk in "$sdks"/*; do
		[ ! -e "$sdk" ] || [ -e "$sdk/bin/go" ] || { echo "half: $sdk"; bad=1; }
		[ ! -e "$sdk" ] || [ -e "$GOVER_ROOT/manifests/${sdk##*/}" ] || { echo "no manifest: $sdk"; bad=1; }
	done
	[ "$(find "$GOVER_ROOT/manifests" -type f | wc -l)" -eq "$(find "$sdks" -mindepth 1 -maxdepth 1 | wc -l)" ] ||
		{ echo "manifests:"; ls "$GOVER_ROOT/manifests"; bad=1; }
	[ -z "$(ls -A "$GOVER_ROOT/staging")" ] || { echo "staging:"; ls -A "$GOVER_ROOT/staging"; bad=1; }
	[ -z "$(ls -A "$GOVER_ROOT/downloads")" ] || { echo "downloads:"; ls -A "$GOVER_ROOT/downloads"; bad=1; }
	return $bad
}

nothing_installed() {
	[ -z "$(ls -A "$sdks")" ] || { ls "$sdks"; return 1; }
	store_is_clean
}

# All files of an SDK that the module has, and nothing else.
whole() {
	local dir=$sdks/go$1
	(cd "$dir" && find . -type f | LC_ALL=C sort) >"$T/files"
	printf './%s\n' LICENSE VERSION bin/go bin/gofmt go.env lib/time/update.bash pkg/tool/linux_amd64/compile \
		src/fmt/print.go src/go.mod src/noise.bin | LC_ALL=C sort | diff - "$T/files"
	"$dir/bin/go" version | grep -Fx "go version go$1 linux/amd64"
}
