#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Measures what the shim adds to a call of `go`. Calls the same tiny static program directly and through the shim: five
# directories below the file that selects it, with a `gover use` in effect, and in a tree with only a default. Aim: at
# most 0.35 ms more than the direct call with musl. Called by scripts/bench; $bench is the build tree.
set -eu -o pipefail
: "${bench:?is the build tree: run scripts/bench}"
rounds=${1:-2000}

make -C "$bench" --no-print-directory -s all tests/bench/spawn
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

make -C "$bench" --no-print-directory -s install DESTDIR="$work/dest" >/dev/null
gover=$(find "$work/dest" -path '*/bin/gover')

export GOVER_ROOT=$work/root
sdk=$GOVER_ROOT/sdks/go1.22.3
mkdir -p "$sdk/bin" "$work/tree/a/b/c/d/e" "$work/bare/a/b/c/d/e"
printf 'int main(void) { return 0; }\n' >"$work/go.c"
"$(command -v musl-gcc || echo gcc)" -static -O2 -o "$sdk/bin/go" "$work/go.c"
echo 1.22.3 >"$work/tree/.go-version"
"$gover" default 1.22.3 2>/dev/null
shim=$GOVER_ROOT/shims/go
[ -x "$shim" ] || { "$gover" list >/dev/null; }

spawn=$bench/tests/bench/spawn
echo "a .go-version five directories up"
cd "$work/tree/a/b/c/d/e"
"$spawn" "$rounds" "direct=$sdk/bin/go:version" "shim=$shim:version"
echo "no file: the default decides"
cd "$work/bare/a/b/c/d/e"
"$spawn" "$rounds" "direct=$sdk/bin/go:version" "shim=$shim:version"
echo "gover use in the calling shell"
"$gover" use 1.22.3 2>/dev/null
"$spawn" "$rounds" "direct=$sdk/bin/go:version" "shim=$shim:version"
