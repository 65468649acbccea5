#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: jobs.sh GOVER
# CI jobs that share a Docker and a state directory, each in a pid namespace of its own: none removes what another runs, neither
# by a run nor by a question, and what is cancelled or killed leaves nothing. GOVER is bin/gover; the Go is a script.
# shellcheck disable=SC2086,SC2317 # words; functions that run and check call
set -eu
# shellcheck source=tests/real/begin.sh
. "$(dirname "$0")/begin.sh"

gover=$1 engine=docker what="two jobs on one Docker"
unset DOCKER_HOST DOCKER_CONTEXT
if [ "$(id -u)" -ne 0 ] || ! unshare -pfm --mount-proc true 2>/dev/null; then
	skip_all "$what" "no pid namespaces for this user"
fi
need_engine "$what"
export GOVER_ROOT="$work/root" HOME="$work"
sdk=$GOVER_ROOT/sdks/go1.22.3/bin
mkdir -p "$sdk" "$work/project" "$work/long"
# shellcheck disable=SC2016 # the Go's
printf '%s\n' '#!/bin/sh' 'case $1 in version) echo "go version go1.22.3 linux/amd64" ;; test)' \
	'	[ ! -e forever ] || exec sleep 1000' '	echo "ok  	example.com/m	0.01s" ;; esac' >"$sdk/go"
chmod +x "$sdk/go"
for dir in project long; do
	printf 'module example.com/m\n\ngo 1.20\n' >"$work/$dir/go.mod"
	echo 'package m' >"$work/$dir/m.go"
done
: >"$work/long/forever"

# What a container's processes are in; in the second the kernel hides other users' processes.
job="unshare -pfm --mount-proc --kill-child"
cat >"$work/hidden" <<'HIDDEN'
#!/bin/sh
exec unshare -pfm --kill-child sh -c 'mount -t proc -o hidepid=2 proc /proc && exec "$@"' sh "$@"
HIDDEN
chmod +x "$work/hidden"

containers()
{
	curl -s --unix-socket "$work/docker.sock" 'http://d/containers/json?all=1' | grep -o '"/gover-[^"]*"'
}

volumes()
{
	curl -s --unix-socket "$work/docker.sock" 'http://d/volumes' | grep -o '"gover-[^"]*"'
}

running()
{
	curl -s --unix-socket "$work/docker.sock" 'http://d/containers/json' | grep -q '"/gover-'
}

# wait_for COMMAND...: the end is for what never comes.
wait_for()
{
	tries=200
	until "$@"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.2
	done
}

short()
{
	cd "$work/project" && timeout -k 5 60 "$@" "$gover" validate --engine docker --phase test 1.22.3
}

# Its build ended, so the test began.
in_test()
{
	grep -qs '"phase"' "$work/$1.ndjson"
}

export gover work
# shellcheck disable=SC2016 # the job's
$job sh -c 'cd "$work/long" && exec "$gover" validate --engine docker --phase build,test --timeout 100s --keep-failed \
	--report "ndjson=$work/first.ndjson" 1.22.3' \
	>"$work/first.log" 2>&1 &
first=$!
run "a job runs a cell" wait_for in_test first
run "which Docker sees" running
before=$(containers)
run "another job runs one, too" short $job
run "and one in which processes are hidden" short "$work/hidden"
run "and one on the machine itself" short env
run "questions are answered" $job "$gover" engine docker
run "questions are answered where processes are hidden" "$work/hidden" "$gover" cell list
run "the first job's cell still runs" running
run "and is all there is" test "$(containers)" = "$before"

# gover is all that unshare started.
kill "$(pgrep -P "$first")" || :
wait "$first" || :
check "cancelled, it leaves no container" containers
check "and no volume" volumes

# shellcheck disable=SC2016 # the job's
timeout -k 5 200 $job sh -c '
	(cd "$work/long" && exec "$gover" validate --engine docker --phase build,test --timeout 100s --report "ndjson=$work/second.ndjson" 1.22.3) &
	until grep -qs "\"phase\"" "$work/second.ndjson"; do sleep 0.2; done
	kill -9 $!
	wait $!
	cd "$work/project" && "$gover" validate --engine docker --phase test 1.22.3' >"$work/second.log" 2>&1 || :
check "killed, what it leaves is removed by the next run of its job" containers
check "with its volumes" volumes
tap_done
