# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154
# To be sourced first by the tests of validations: tap.sh and engine.sh, a directory $work, an end for all in $engine_pids, and nothing
# that chooses a Go. They set $gover and $engine.
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

# skip_all NAME REASON: one skipped test, and that is all.
skip_all()
{
	echo "ok 1 - $1 # SKIP $2"
	echo 1..1
	exit
}

# need_engine NAME: start the engine, unless DOCKER_HOST names one; without it, NAME is a skipped test, and that is all.
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
		"$gover" validate -C "$top/examples" --engine "$engine" --explain-engine >"$work/why" 2>&1 || skip "$engine: $(tail -n 1 "$work/why" | tr -d '#')"
		;;
	esac
	[ -z "$skipped" ] || skip_all "$1" "${skipped#*: }"
}
