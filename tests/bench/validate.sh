#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Measures the cost of a cell: `gover validate` of examples/ with one version, minus the same go commands run directly
# on a copy, both with warm caches; then with two versions, minus the sum of both. Runs on each available engine: bwrap,
# and a Docker and a Podman that it starts (root). Aims: at most 0.1 s with bwrap, 0.5 s on Docker. Called by
# scripts/bench; $bench is the build tree.
# usage: validate.sh [ROUNDS [ENGINE...]]
set -eu -o pipefail
: "${bench:?is the build tree: run scripts/bench}"
here=$(cd "$(dirname "$0")" && pwd)
rounds=${1:-7}
[ $# -eq 0 ] || shift
engines=${*:-bwrap docker podman}

work=$(mktemp -d)
chmod 755 "$work" # root's cells run as another user
skip()
{
	printf '%s\n' "left out: $1"
}
# shellcheck source=tests/real/engine.sh
. "$here/../real/engine.sh"
trap 'stop_engines; chmod -R u+w "$work"; rm -rf "$work"' EXIT

make -C "$bench" --no-print-directory -s install DESTDIR="$work/dest" >/dev/null
gover=$(find "$work/dest" -path '*/bin/gover')
export GOVER_ROOT=$bench/validate-store
unset GOVER_VERSION GOVER_SESSION GOTOOLCHAIN GOROOT GOFLAGS
"$gover" install -q 1.21.6 1.22.3
cp -R "$here/../../examples" "$work/project"
chmod -R u+w "$work/project"
for engine in $engines; do
	case $engine in
	docker) start_docker && address=$docker ;;
	podman) start_podman && address=$podman ;;
	*) address= ;;
	esac
	if [ "$engine" = bwrap ] || [ -n "$address" ]; then
		DOCKER_HOST=$address python3 "$here/validate.py" "$gover" "$engine" "$work/project" "$rounds" 1.22.3 1.21.6
	fi
done
