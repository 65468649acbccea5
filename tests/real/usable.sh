# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154
# To be sourced after tap.sh and engine.sh, with $gover, $engine and $work set.

skip()
{
	skipped=$1
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
	[ -n "$skipped" ] || return 0
	echo "ok 1 - $1 # SKIP ${skipped#*: }"
	echo 1..1
	exit
}
