#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034 # set by the helper, or for it
# gover engine: which one is used, and why.
load helper

setup() {
	setup_tree
	gover=$top_builddir/gover
}

@test "the name on the first line, and why below; without a project" {
	expect 0 "$gover" engine -C / host
	[[ $output == $'host\n  '*'host: no sandbox'* ]]
}

@test "none that can be used: what was looked at, and exit 3" {
	export DOCKER_HOST=unix://$T/nobody
	expect 3 "$gover" engine docker
	says "  docker, podman: 'unix://$T/nobody' (DOCKER_HOST)" 'error: '
	expect 3 sh -c "'$gover' engine docker 2>/dev/null"
	[[ $output == '  docker, podman: '* ]]
	# With none named bubblewrap is looked for, too.
	expect 3 env PATH="$T" "$gover" engine
	says '(DOCKER_HOST)' "bwrap: no program 'bwrap' on PATH"
}

@test "--json" {
	command -v jq >/dev/null || skip "jq not found"
	expect 0 "$gover" engine host --json
	[ "$(jq -c '[keys_unsorted, .engine, .version, .remote, (.rootless | type)]' <<<"$output")" = \
		'[["engine","version","endpoint","rootless","remote","why"],"host","no sandbox",false,"boolean"]' ]
	jq -e '.why | any(startswith("host: "))' <<<"$output"
	expect 3 env DOCKER_HOST="unix://$T/nobody" sh -c "'$gover' engine docker --json 2>/dev/null"
	[ "$(jq -c '[.engine, .version, .endpoint, .rootless, .remote]' <<<"$output")" = '[null,null,null,null,null]' ]
	jq -e '.why | any(contains("nobody"))' <<<"$output"
}

@test "a name that is no engine" {
	expect 2 "$gover" engine vm
	says "'vm' is not an engine"
	expect 2 "$gover" engine host bwrap
}
