#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Measures a proven install: a cold install of 1.22.3 from a loopback server, compared in the same run with cmd/go for
# the same (GOTOOLCHAIN=go1.22.3 go version, empty module cache), and the install of the archive, compared with `curl |
# tee >(sha256sum) | tar xz`. Aims: module zip at most 0.30 of cmd/go's wall time and 0.37 of its CPU time, archive at
# most 0.55 of the pipe's wall time, memory below 64 MB. Called by scripts/bench; $bench is the build tree.
# usage: install.sh [ROUNDS [ZIP]]; ZIP is a local copy of the module zip, else it comes from the proxy of `go env GOPROXY`.
set -eu -o pipefail
: "${bench:?is the build tree: run scripts/bench}"
here=$(cd "$(dirname "$0")" && pwd)
rounds=${1:-5}
version=1.22.3
dist=$here/../fake/dist.py

# On the disk of the build tree: a tmpfs has no disk to wait for.
work=$(mktemp -d "$bench/install.XXXXXX")
server=
finish()
{
	[ -z "$server" ] || kill "$server" 2>/dev/null || true
	chmod -R u+w "$work"
	rm -rf "$work"
}
trap finish EXIT

make -C "$bench" --no-print-directory -s install DESTDIR="$work/dest" >/dev/null
gover=$(find "$work/dest" -path '*/bin/gover')
python3 "$dist" repack "$work/root" "${2:-$version}" >/dev/null
python3 "$dist" serve "$work/root" --port-file "$work/port" >/dev/null &
server=$!
for _ in $(seq 100); do
	[ ! -s "$work/port" ] || break
	sleep 0.1
done
url=http://127.0.0.1:$(cat "$work/port")
python3 "$here/install.py" "$work" "$gover" "$url" "$version" "$rounds"
