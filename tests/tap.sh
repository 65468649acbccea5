# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034
# TAP for shell tests. Source it from a script in a directory below tests/.
# `check NAME COMMAND...` passes when the command prints nothing, `run NAME COMMAND...` when it succeeds.
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

tap_comment()
{
	printf '%s\n' "$1" | sed 's/^/#   /'
}

check()
{
	tap_name=$1
	shift
	tap_output=$("$@" || :)
	if [ -z "$tap_output" ]; then
		tap 0 "$tap_name"
	else
		tap 1 "$tap_name"
		tap_comment "$tap_output"
	fi
}

run()
{
	tap_name=$1
	shift
	tap_status=0
	tap_output=$("$@" 2>&1) || tap_status=$?
	tap "$tap_status" "$tap_name"
	[ "$tap_status" -eq 0 ] || tap_comment "$tap_output"
}

tap_done()
{
	echo "1..$tap_count"
	exit "$tap_failed"
}
