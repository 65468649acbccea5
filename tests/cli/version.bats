#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034 # set by the helper, or for it
# gover version: plumbing for scripts.
load helper

setup() {
	setup_tree
}

@test "compare prints -1, 0 or 1" {
	[ "$(gover version compare 1.9 1.10)" = -1 ]
	[ "$(gover version compare 1.22.3 1.22.3)" = 0 ]
	[ "$(gover version compare 1.23 1.23rc2)" = -1 ]
	[ "$(gover version compare 1.23.0 1.23rc2)" = 1 ]
	[ "$(gover version --json compare 1.9 1.10)" = '{"compare":-1}' ]
	expect 2 gover version compare 1.9 go1.10
	expect 2 gover version compare 1.9
}

@test "valid is silent: 0 or 2" {
	for v in 1.22.3 1.20 1 1.23rc2; do
		expect 0 gover version valid $v
		[ -z "$output" ]
	done
	for v in go1.22 1.22d.1 '' -1 --help ' 1.22'; do
		expect 2 gover version valid "$v"
		[ -z "$output" ]
	done
}

@test "lang" {
	[ "$(gover version lang 1.22.3)" = 1.22 ]
	[ "$(gover version lang 1.0.3)" = 1 ]
	[ "$(gover version lang 2)" = 2.0 ]
	[ "$(gover version --json lang 1.23rc2)" = '{"lang":"1.23"}' ]
	expect 2 gover version lang x
}

@test "select reads candidates" {
	list=$'1.21.6\n1.22.3 1.22.12\r\n1.23rc1\njunk\n'
	[ "$(printf '%s' "$list" | gover version select 1.22)" = 1.22.12 ]
	[ "$(printf '%s' "$list" | gover version select '>=1.21 <1.22')" = 1.21.6 ]
	[ "$(printf '%s' "$list" | gover version select latest)" = 1.22.12 ]
	[ "$(printf '%s' "$list" | gover version --json select 1.22.3)" = '{"version":"1.22.3"}' ]
	run bash -c 'echo 1.21.6 | gover version select 1.30'
	[ "$status" -eq 3 ]
	run bash -c 'gover version select latest </dev/null'
	[ "$status" -eq 3 ]
	run bash -c 'echo 1.21.6 | gover version select 1.22d'
	[ "$status" -eq 2 ]
	run bash -c 'gover version select 1.22 <&-'
	[ "$status" -eq 1 ]
	run bash -c 'head -c 5000000 /dev/zero | tr "\0" "1" | gover version select 1.22'
	[ "$status" -eq 2 ]
}

@test "--json may stand behind the operands, which may look like options" {
	[ "$(gover version compare 1.9 1.10 --json)" = '{"compare":-1}' ]
	[ "$(gover version lang 1.23rc2 --json)" = '{"lang":"1.23"}' ]
	for word in --json --help -h --; do
		run gover version valid "$word"
		[ "$status" -eq 2 ]
	done
	run gover version valid --help --json
	[ "$status" -eq 2 ]
	[ "$output" = '{"valid":false}' ]
}

@test "gover version and --version" {
	expect 0 gover --version
	[[ $output =~ ^gover\ [0-9]+\.[0-9]+ ]]
	expect 0 gover version
	[[ $output =~ ^[0-9]+\.[0-9]+ ]]
	expect 2 gover version frob
}
