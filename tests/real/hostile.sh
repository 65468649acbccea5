#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: hostile.sh GOVER ENGINE VERSION
# Runs tests that misbehave (tests/real/hostile/) through `gover validate`. Each is limited, classified and reported,
# and leaves no process, container, volume, mount or directory behind. ENGINE as for corpus.sh.
set -eu
# shellcheck source=tests/real/begin.sh
. "$(dirname "$0")/begin.sh"

gover=$1 engine=$2 version=$3
need_engine "the hostile tests on $engine"
cp -R "$top/tests/real/hostile" "$work/hostile"
chmod -R u+w "$work/hostile"
cd "$work/hostile"

# try NAME[=PACKAGE] OPTION...: validate; the report is $work/NAME.json, the terminal's text $work/NAME.log.
try()
{
	name=${1%=*} package=${1#*=}
	shift
	status=0
	# Far more than any of them needs; it shows that the limits hold, not how fast this machine is.
	timeout -k 5 420 "$gover" validate "$version" --engine "$engine" --phase test --packages "./$package" --memory 512m --pids 200 \
		--timeout 100s --report "json=$work/$name.json" --report "github=$work/$name.github" \
		--report "junit=$work/$name.xml" "$@" >"$work/$name.log" 2>&1 || status=$?
	echo "$status" >"$work/$name.status"
}

# said NAME STATUS OUTCOME CLASS...: print a difference from the expected result; any of the classes will do.
said()
{
	name=$1 want="$2 $3"
	shift 3
	got="$(cat "$work/$name.status") $(jq -r '.cells[0].phases[] | select(.phase == "test") | .outcome' "$work/$name.json")"
	class=$(jq -r '.cells[0].phases[] | select(.phase == "test") | .class' "$work/$name.json")
	case " $* " in
	*" ${class:-none} "*) [ "$got" != "$want" ] || return 0 ;;
	esac
	echo "it is $got ${class:-none}, not $want $*"
	cat "$work/$name.log"
}

# Print control bytes except newline and tab, characters of the class $2, and bytes that are not UTF-8.
raw_bytes()
{
	LC_ALL=C.UTF-8 grep -naP "[\\x00-\\x08\\x0b-\\x1f\\x7f${2-}]" "$1" || :
	iconv -f UTF-8 -t UTF-8 "$1" >/dev/null 2>&1 || echo "$1 is not UTF-8"
}

# Print lines that GitHub would obey, which excludes those between ::stop-commands::TOKEN and ::TOKEN::.
obeyed()
{
	awk '/^::stop-commands::/ { fence = "::" substr($0, 18) "::"; next } $0 == fence { fence = ""; next }
		fence == "" && /^(::(set-output|add-mask|stop-commands)|##\[)/' "$1"
}

left_processes()
{
	pgrep -af '[s]leep 7654321' || :
	agents_of "$work/hostile"
}

# Print the control groups of cells, except those of another gover, which have processes but none of this project.
left_groups()
{
	find /sys/fs/cgroup -type d -name 'gover-*-go[0-9]*' 2>/dev/null | while read -r group; do
		mine=
		while read -r pid; do
			mine=no
			! grep -qF "$work/hostile" "/proc/$pid/mountinfo" || { mine=; break; }
		done <"$group/cgroup.procs"
		[ -n "$mine" ] || [ ! -d "$group" ] || echo "$group"
	done 2>/dev/null
}

# Another gover's group is empty for a moment at its beginning and its end.
left_groups_for_long()
{
	for _ in 1 2 3 4 5; do
		[ -n "$(left_groups)" ] || return 0
		sleep 0.2
	done
	left_groups
}

left_directories()
{
	find "${GOVER_ROOT:?}/cells" "${GOVER_ROOT:?}/scratch" -mindepth 1 2>/dev/null || :
	left_groups_for_long
	grep -F "$work/hostile" /proc/self/mounts || :
}

left_in_engine()
{
	[ -n "${DOCKER_HOST-}" ] || return 0
	curl -s --unix-socket "${DOCKER_HOST#unix://}" 'http://d/containers/json?all=1' | jq -r '.[].Names[]' | grep gover || :
	curl -s --unix-socket "${DOCKER_HOST#unix://}" 'http://d/volumes' | jq -r '.Volumes[]?.Name' | grep -v '^gover-cache-' || :
}

for name in daemon forkbomb memory disk escape exit0 exit3 killall forge; do
	try "$name"
done
try deaf --timeout 20s
try sleep --timeout 20s
# An environment has its own build cache, and building the standard library takes long.
try flood --env FLOOD_MB=100 --memory 2g --timeout 200s
try gigabyte=flood --env FLOOD_MB=1024 --timeout 200s
check "$engine: a test may leave processes running" said daemon 0 pass none
check "$engine: --pids stops a fork bomb" said forkbomb 1 fail pids test
check "$engine: --timeout stops a test that ignores signals" said deaf 1 fail timeout
check "$engine: --memory stops a test that fills the memory" said memory 1 fail oom
check "$engine: a test that fills the disk" said disk 1 fail disk
check "$engine: a test that prints 100 MB" said flood 1 fail test
check "$engine: a test that prints 1 GB, which go test keeps in memory" said gigabyte 1 fail oom
check "$engine: a test that prints commands for terminals and CI" said escape 1 fail test
check "$engine: a test that sleeps for ever" said sleep 1 fail timeout
check "$engine: os.Exit(0) does not count as a success" said exit0 1 fail panic test
check "$engine: os.Exit(3)" said exit3 1 fail test
check "$engine: a test that kills every process it can, go test too" said killall 3 inconclusive env
check "$engine: a test that forges the agent's answer" said forge 1 fail test

run "$engine: the report has the first and the last words of 100 MB" jq -e \
	'.cells[0].phases[] | select(.phase == "test") | .log | contains("the first words") and contains("the last words")' "$work/flood.json"
run "$engine: the report of 100 MB is small" test "$(wc -c <"$work/flood.json")" -lt 4000000
check "$engine: the test could not write into the agent" jq -r \
	'.cells[0].phases[] | select(.phase == "test") | .log | match("(descriptor|memory).*can be written.*").string' "$work/forge.json"
check "$engine: no raw bytes on the terminal" raw_bytes "$work/escape.log" '\x{202e}'
check "$engine: no raw bytes in the XML" raw_bytes "$work/escape.xml"
run "$engine: the XML is well-formed" xmllint --noout "$work/escape.xml"
check "$engine: no CI command of the test takes effect" obeyed "$work/escape.github"
check "$engine: no process is left" left_processes
check "$engine: no directory or mount is left" left_directories
check "$engine: no container or volume is left" left_in_engine
tap_done
