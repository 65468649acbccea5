# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034
# Shared by quickstart, check and bench: paths, messages, the build. To be sourced.
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
jobs=$(nproc 2>/dev/null || echo 2)
export LC_ALL=C.UTF-8

say()
{
	printf '%s\n' "$*"
}

step()
{
	printf '\n==> %s\n' "$*"
}

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# build DIR CONFIGURE-ARGUMENT...: configure once, then make.
build()
{
	local dir=$1
	shift
	[ -x "$top/configure" ] || "$top/bootstrap"
	mkdir -p "$dir"
	if [ ! -f "$dir/Makefile" ]; then
		# With a relative path, messages and debug information would have relative paths.
		(cd "$dir" && "$top/configure" --quiet "$@")
	fi
	make -C "$dir" --no-print-directory -j"$jobs"
}
