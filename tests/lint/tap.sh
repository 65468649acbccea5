# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034
# TAP for shell tests, to be sourced. `check NAME COMMAND...` passes when the command prints nothing.
top=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
tap_count=0
tap_failed=0

# tap PASSED(0 = yes) NAME
tap()
{
	tap_count=$((tap_count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_count - $2"
	else
		echo "not ok $tap_count - $2"
		tap_failed=1
	fi
}

check()
{
	name=$1
	shift
	complaints=$("$@" || :)
	if [ -z "$complaints" ]; then
		tap 0 "$name"
	else
		tap 1 "$name"
		printf '%s\n' "$complaints" | sed 's/^/#   /'
	fi
}

tap_done()
{
	echo "1..$tap_count"
	exit "$tap_failed"
}
