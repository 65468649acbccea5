# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
# Runs the phases of scripts/check and counts their results. To be sourced after common.sh.
#
# A phase is a function phase_NAME. It runs in its own process group with a time limit, and its output is in
# build-check/log/NAME.log. Results are counted from automake's summaries ("# PASS: 12") and from the TAP in
# build-check/log/NAME.tap. A phase without results counts as one test, passed or failed.
out=$top/build-check
logs=$out/log
passed=0 failed=0 skipped=0
child=

# If check is stopped, stop the running phase too.
stop_phase()
{
	[ -z "$child" ] || kill -TERM -- "-$child" 2>/dev/null || :
	exit 130
}

# count FILE REGEX FIELD: the sum of a field over the matching lines.
count()
{
	[ -f "$1" ] || { echo 0; return; }
	awk -v re="$2" -v field="$3" '$0 ~ re { n += field ? $field : 1 } END { print n + 0 }' "$1"
}

# run_phase NAME SECONDS
run_phase()
{
	local name=$1 limit=$2 log=$logs/$1.log tap=$logs/$1.tap status=0 start=$SECONDS p f s
	rm -f "$log" "$tap"
	setsid timeout -k 20 "$limit" "$top/scripts/check" --run "$name" >"$log" 2>&1 </dev/null &
	child=$!
	wait "$child" || status=$?
	child=

	p=$(($(count "$log" '^# (PASS|XFAIL): ' 3) + $(count "$tap" '^ok ' 0) - $(count "$tap" '^ok .*# [Ss][Kk][Ii][Pp]' 0)))
	s=$(($(count "$log" '^# SKIP: ' 3) + $(count "$tap" '^ok .*# [Ss][Kk][Ii][Pp]' 0)))
	f=$(($(count "$log" '^# (FAIL|XPASS|ERROR): ' 3) + $(count "$tap" '^not ok ' 0)))
	if [ "$status" -eq 77 ]; then
		s=$((s + 1))
	elif [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then
		f=1
	elif [ $((p + f + s)) -eq 0 ]; then
		p=1
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))

	printf '%-12s %5d passed, %d failed, %d skipped  %4d s' "$name" "$p" "$f" "$s" $((SECONDS - start))
	case $status in
	77) printf '   skipped: %s' "$(tail -n 1 "$log")" ;;
	124 | 137) printf '   timed out' ;;
	esac
	printf '\n'
	[ "$f" -eq 0 ] || show_failure "$log" "$tap"
}

show_failure()
{
	say "    from $1:"
	{
		grep -hE '^(FAIL|ERROR|XPASS): |error: |Error [0-9]' "$1" | grep -v '^PASS: ' | awk '!seen[$0]++' | head -n 40 || :
		[ ! -f "$2" ] || grep -A 12 '^not ok ' "$2" || :
		tail -n 40 "$1"
	} | head -n 120 | sed 's/^/    /'
}

# For phases: skip the phase with a reason.
skip_phase()
{
	say "$*"
	exit 77
}

# tap_of COMMAND...: run a command and count its TAP. Fails when a line is "not ok" or the plan is missing.
tap_of()
{
	local mine
	mine=$(mktemp)
	"$@" | tee "$mine" || :
	cat "$mine" >>"$tap_file"
	# A plan proves that the command ran to its end.
	grep -qE '^1\.\.[0-9]+' "$mine" && ! grep -q '^not ok ' "$mine" && rm "$mine"
}
