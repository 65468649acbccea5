# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154
# The tests of validations source this first. It gives tap.sh, engine.sh and a directory $work, ends $engine_pids at
# exit, and clears the environment of everything that selects a Go. The caller sets $gover and $engine.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/real/engine.sh
. "$top/tests/real/engine.sh"
work=$(mktemp -d)
trap 'stop_engines; chmod -R u+w "$work"; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
unset GOVER_VERSION GOVER_SESSION GOTOOLCHAIN GOROOT

skip()
{
	skipped=$1
}

# skip_all NAME REASON: report one skipped test and exit.
skip_all()
{
	echo "ok 1 - $1 # SKIP $2"
	echo 1..1
	exit
}

# need_engine NAME: start the engine, unless DOCKER_HOST names one. If that fails, report NAME as skipped and exit.
need_engine()
{
	skipped=
	case $engine in
	docker)
		[ -n "${DOCKER_HOST-}" ] || start_docker
		export DOCKER_HOST="${DOCKER_HOST:-$docker}"
		;;
	podman)
		[ -n "${DOCKER_HOST-}" ] || start_podman
		export DOCKER_HOST="${DOCKER_HOST:-$podman}"
		;;
	*)
		"$gover" engine "$engine" >/dev/null 2>"$work/why" || skip "$engine: $(tail -n 1 "$work/why" | tr -d '#')"
		;;
	esac
	[ -z "$skipped" ] || skip_all "$1" "${skipped#*: }"
}
