#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # set by the helper
# Two SDKs are missing, and the source holds one of them back: the cell of the other runs meanwhile.
load helper
load dist

setup_file() {
	make_dist 1.21.6 1.22.3
}

setup() {
	setup_install
	cp "$top_builddir/gover-agent" "$tree/libexec/gover/"
	printf 'module example.com/m\n\ngo 1.20\n' >"$proj/go.mod"
	echo 'package m' >"$proj/m.go"
	cd "$proj" || return
	# The first download that gets so far is the one that is held back.
	serve --stall-after 200 --times 1
	export GOPROXY=$url
	validate=("$gover" validate --engine host --phase build 1.21.6 1.22.3)
}

teardown() {
	stop_servers
}

ended() {
	[ "$(grep -c ': compatible' "$T/out")" -eq "$1" ]
}

nothing_is_left() {
	[ -z "$(find "$GOVER_ROOT/cells" "$GOVER_ROOT/scratch" "$GOVER_ROOT/staging" -mindepth 1 2>/dev/null)" ]
	! pgrep -f "$GOVER_ROOT" >/dev/null
}

@test "a cell runs while another SDK is coming" {
	"${validate[@]}" >"$T/out" 2>&1 3>&- &
	validation=$!
	wait_until ended 1
	[ "$(ls "$sdks" | wc -l)" -eq 1 ]
	ask "$url/-/go" >/dev/null
	wait "$validation"
	ended 2
	nothing_is_left
}

@test "the table shows both: what runs, and what comes" {
	expect 0 python3 "$top_srcdir/tests/cli/terminal.py" 24x80 \
		-s "go1.21.6 +(compatible(.|\n)*go1.22.3 +fetch SDK|fetch SDK(.|\n)*go1.22.3 +compatible)=get $url/-/go" -- "${validate[@]}"
	says 'lowest compatible version: 1.21.6'
}

@test "Ctrl-C while an SDK is coming leaves nothing, and what was known stands" {
	command -v jq >/dev/null || skip "no jq"
	expect 130 python3 "$top_srcdir/tests/cli/terminal.py" 24x80 -s "compatible=int" -- "${validate[@]}" --report json="$T/r.json"
	says_not 'a cell gets' 'cursor hidden'
	nothing_is_left
	[ "$(ls "$sdks" | wc -l)" -eq 1 ]
	run jq -r '[.cells[] | .verdict + "/" + .class] | sort | join(" ")' "$T/r.json"
	[ "$output" = 'compatible/ skipped/interrupted' ]
}

@test "an SDK that fails its proof ends the run, and the reports are written all the same" {
	command -v jq >/dev/null || skip "no jq"
	serve
	GOPROXY=$url expect 0 "$gover" install 1.21.6
	serve --corrupt 1000
	GOPROXY=$url expect 5 "${validate[@]}" --report json="$T/r.json"
	says 'go1.22.3'
	run jq -r '.cells[1] | .verdict + "/" + .class' "$T/r.json"
	[ "$output" = inconclusive/infrastructure ]
	run jq -r '.cells[0].class' "$T/r.json"
	[[ $output != interrupted ]]
}
