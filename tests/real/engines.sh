#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: engines.sh BUILD
# Cells on real engines, which this script starts (engine.sh). A missing engine is a skipped test.
set -u
build=$(cd "$1" && pwd)
work=$(mktemp -d /tmp/gover-engines-XXXXXX)
skipped=

skip()
{
	skipped="$skipped$1
"
}

# shellcheck source=tests/real/engine.sh
. "$(dirname "$0")/engine.sh"
trap 'stop_engines; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

# Make a user's image that has only a shell, from this machine's files.
make_image()
{
	mkdir "$work/image"
	(
		cd "$work/image" || exit
		for file in /bin/sh $(ldd /bin/sh | grep -o '/[^ ]*'); do
			mkdir -p ".${file%/*}" && cp -L "$file" ".$file"
		done
		tar -cf - . | curl -sf -o /dev/null --unix-socket "$work/docker.sock" -X POST -H 'Content-Type: application/x-tar' \
			--data-binary @- 'http://d/images/create?fromSrc=-&repo=gover-test-image%3A1'
	)
}

start_docker
far=
if [ -n "$docker" ]; then
	if make_image; then
		far="remote=$remote image=$docker"
	else
		skip "docker: no image can be made from this machine's shell"
	fi
fi
start_podman
engines="${docker:+docker=$docker} ${podman:+podman=$podman}"

# Join the TAP output of the programs.
renumber()
{
	awk '/^(not )?ok / { sub(/ok [0-9]+/, "ok " ++n) } !/^1\.\./'
}

count=0
if [ -n "$docker$podman" ]; then
	export DOCKER_CERT_PATH="$work/tls" DOCKER_TLS_VERIFY=1 top_builddir="$build"
	# shellcheck disable=SC2086 # words
	{
		"$build/tests/unit/lab/engine_test" $engines </dev/null
		[ -z "$far" ] || "$build/tests/real/far_test" $far </dev/null
	} | renumber | tee "$work/tap"
	count=$(grep -cE '^(not )?ok ' "$work/tap")
	# Caches and what was kept on purpose stay.
	left=$(curl -s --unix-socket "$work/docker.sock" 'http://d/containers/json?all=1' |
		grep -o '"/gover-[^"]*"' | grep -v -- '-kept-[0-9]*"')
	count=$((count + 1))
	if [ -z "$left" ]; then
		echo "ok $count - docker: no container is left"
	else
		echo "not ok $count - docker: no container is left: $left"
	fi
fi
printf '%s' "$skipped" >"$work/skipped"
while read -r line; do
	count=$((count + 1))
	echo "ok $count - ${line%%:*} # SKIP ${line#*: }"
done <"$work/skipped"
echo "1..$count"
! grep -qE '^(not ok|Bail out!)' "$work/tap" 2>/dev/null && [ -z "${left-}" ]
