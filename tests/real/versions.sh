#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: versions.sh GOVER REQUEST...
# Real releases, from the sources of this machine. Each is installed into an empty store, runs through the shim, and
# builds and tests examples/. A partial version such as 1.26 means its newest patch.
set -eu
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

gover=$1
shift
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
export GOVER_ROOT="$work/root" GOCACHE="$work/cache" GOPATH="$work/path" GOFLAGS=
unset GOVER_VERSION GOVER_SESSION GOTOOLCHAIN GOROOT
PATH=$GOVER_ROOT/shims:$PATH
cp -R "$top/examples" "$work/examples"
chmod -R u+w "$work/examples"
cd "$work/examples"

# Check that the requested version runs, with all its files in the store.
runs()
{
	text=$(go "+$1" version) || return
	case $text in
	"go version go$1 "* | "go version go$1."*) ;;
	*) echo "$text" && return 1 ;;
	esac
	case $(go "+$1" env GOROOT) in
	"$GOVER_ROOT"/sdks/go"$1"*) ;;
	*) echo "GOROOT is $(go "+$1" env GOROOT)" && return 1 ;;
	esac
}

read_only()
{
	find "$GOVER_ROOT/sdks" -type f -perm /222 | head -n 5
}

run "install $*, all at once" "$gover" install "$@"
for request in "$@"; do
	run "$request: the shim runs it" runs "$request"
	run "$request: builds examples/" go "+$request" build -o "$work/api" ./cmd/api
	run "$request: tests examples/" go "+$request" test ./...
done
run "a second install does nothing, even offline" env GOPROXY=off GOVER_SOURCES=off "$gover" install "$@"
check "no file of an SDK is writable" read_only
check "nothing is left in staging" find "$GOVER_ROOT/staging" -mindepth 1
tap_done
