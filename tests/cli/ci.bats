#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034 # set by the helper, or for it
# gover ci matrix: the cells of a project as jobs, and nothing runs.
load helper

setup() {
	setup_tree
	cd "$BATS_TEST_TMPDIR" || return
	mkdir project
	cd project || return
	printf 'module example.com/m\n\ngo 1.20\n' >go.mod
	echo 'package m' >m.go
	gover=$top_builddir/gover
}

@test "github: JSON for fromJSON()" {
	expect 0 "$gover" ci matrix github 1.21.6 1.22.3
	[ "$output" = '{"include":[{"cell":"go1.21.6","version":"1.21.6"},{"cell":"go1.22.3","version":"1.22.3"}]}' ]
	[ -z "$(ls "$GOVER_ROOT/sdks")" ]
}

@test "gitlab: a child pipeline" {
	expect 0 "$gover" ci matrix gitlab 1.22.3
	line_is '      - CELL: "go1.22.3"'
	line_is '        VERSION: "1.22.3"'
	says 'gover validate --only "$CELL" "$VERSION"'
}

@test "without versions: what the project says" {
	printf '1.22.3\n1.21.6\n' >.go-version
	expect 0 "$gover" ci matrix github
	says '"version":"1.21.6"' '"version":"1.22.3"'
}

@test "options that name cells" {
	expect 0 "$gover" ci matrix github --tags one --tags two --platform linux/arm64 1.22.3 --only go1.22.3/linux-arm64:one
	[[ $output == *one* && $output != *two* ]]
}

@test "names that hold anything are strings in JSON and YAML, and no line of a CI system" {
	odd=$'A="\\\n::error::x\r\u202e'
	for system in github gitlab; do
		expect 0 "$gover" ci matrix "$system" --env "$odd" --env 'B=##[group]' 1.22.3
		says_not '##[' $'\u202e' $'\r'
		printf '%s\n' "$output" >>lines
	done
	line_is '      - CELL: "go1.22.3@A=\"\\\u000a::error::x\u000d\u202e"'
	line_is '      - CELL: "go1.22.3@B=\u0023#[group]"'
	expect 1 grep '^[[:space:]]*::' lines
}

@test "usage" {
	expect 2 "$gover" ci
	expect 2 "$gover" ci matrix
	expect 2 "$gover" ci matrix jenkins 1.21.6
	says "'jenkins' is neither github nor gitlab"
	expect 2 "$gover" ci setup github
	says "'ci' does not take 'setup'"
	expect 2 "$gover" ci matrix github -C / 1.21.6
}
