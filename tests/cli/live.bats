#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2016 # set by the helper; expanded by the fake go
# What gover validate shows on a terminal, and what Ctrl-C does. terminal.py is the terminal; cells wait for FIFOs, so that nothing here
# depends on time.
load helper

# go_sdk VERSION 'SHELL CODE': a go command that runs CODE with the subcommand in $1; pass FIFO waits until it is opened.
go_sdk() {
	mkdir -p "$GOVER_ROOT/sdks/go$1/bin"
	cat >"$GOVER_ROOT/sdks/go$1/bin/go" <<-GO
		#!/bin/sh
		gates=\${0%/bin/go}
		pass() { read -r _ <"\$gates/\$1"; true; }
		case \$1 in version) echo "go version go$1 linux/amd64"; exit ;; mod | list) exit 0 ;; esac
		$2
	GO
	chmod +x "$GOVER_ROOT/sdks/go$1/bin/go"
	for gate in gate again; do
		mkfifo -m 666 "$GOVER_ROOT/sdks/go$1/$gate"
	done
}

setup() {
	setup_tree
	command -v python3 >/dev/null || skip "no python3"
	mkdir "$BATS_TEST_TMPDIR/project"
	cd "$BATS_TEST_TMPDIR/project" || return
	printf 'module example.com/m\n\ngo 1.20\n' >go.mod
	echo 'package m' >m.go
	good='[ "$1" != test ] || echo "ok  	example.com/m	0.01s"'
	gated="[ \"\$1\" != vet ] || pass gate; $good"
	sdks=$GOVER_ROOT/sdks
	gover=$top_builddir/gover
}

# watch STATUS ROWSxCOLUMNS [-s STEP]... -- OPTION...: what a person sees of gover validate.
watch() {
	local want=$1 steps=()
	shift
	while [ "$1" != -- ]; do
		steps+=("$1")
		shift
	done
	expect "$want" python3 "$top_srcdir/tests/cli/terminal.py" "${steps[@]}" -- "$gover" validate --engine host "${@:2}"
}

@test "a table of versions and phases, redrawn in place and gone at the end" {
	go_sdk 1.21.6 "$gated"
	go_sdk 1.22.3 "$good"
	watch 0 24x80 -s "go1.21.6 +run .*pass.* 0:0.*=open $sdks/go1.21.6/gate" -- 1.21.6 1.22.3
	line_is '          state              build      vet        test'
	line_is 'go1.22.3  waiting'
	says_not 'cursor hidden'
	[[ ${output##*--- end} != *waiting* && ${output##*--- end} != *state* ]]
	[[ ${output##*--- end} == *'lowest compatible version: 1.21.6'* ]]
}

@test "a follow-up shows as one, and a verdict with its class stays until the end" {
	go_sdk 1.21.6 '[ "$1" = test ] || exit 0
if [ ! -e "$TMPDIR/again" ]; then : >"$TMPDIR/again"; else pass again; fi
printf -- "--- FAIL: TestX (0.00s)\nFAIL\nFAIL	example.com/m	0.01s\n"; exit 1'
	go_sdk 1.22.3 "$gated"
	watch 1 24x80 -s "go1.21.6 +repeat=open $sdks/go1.21.6/again" -s "go1.22.3 +run=open $sdks/go1.22.3/gate" -- 1.21.6 1.22.3
	[[ $output =~ go1.21.6\ +incompatible\ +pass\ [0-9.]+s\ +pass\ [0-9.]+s\ +fail\ [0-9.]+s\ +test ]]
}

@test "more cells than lines, and lines longer than the screen" {
	for v in 1.20.14 1.21.6 1.22.3 1.23.4; do
		go_sdk "$v" "$gated"
	done
	watch 0 5x40 -s "\.\.\. and 2 more; 0 of 4 done=open $sdks/go1.20.14/gate" \
		-s "go1.21.6 +run(.|\n)*1 of 4 done=open $sdks/go1.21.6/gate" -s "go1.22.3 +run(.|\n)*2 of 4 done=size 24x60" \
		-s "go1.20.14 +compatible(.|\n)*go1.22.3 +run=open $sdks/go1.22.3/gate" \
		-s "go1.23.4 +run=open $sdks/go1.23.4/gate" -- 1.20.14 1.21.6 1.22.3 1.23.4
}

@test "NO_COLOR leaves out colour, not the table" {
	go_sdk 1.21.6 "$gated"
	NO_COLOR=1 watch 0 24x80 -s "go1.21.6 +run=open $sdks/go1.21.6/gate" -- 1.21.6
	says_not coloured
	watch 0 24x80 -s "go1.21.6 +run=open $sdks/go1.21.6/gate" -- 1.21.6
	says coloured
}

# interrupted ENGINE: Ctrl-C in a test of the second of three versions.
interrupted() {
	watch 130 24x80 -s "go1.21.6 +run .*pass.*pass.* 0:=int" -- --engine "$1" \
		--report json=r.json,junit=r.xml,tap=r.tap,markdown=r.md,ndjson=r.ndjson 1.20.14 1.21.6 1.22.3
	says 'error: interrupted' 'interrupted: not all cells were run'
	says_not 'cursor hidden' 'a cell gets'
	run jq -r '[.cells[] | .verdict + "/" + .class] + [.summary.interrupted, .summary.exit] | map(tostring) | join(" ")' r.json
	line_is 'compatible/ skipped/interrupted skipped/interrupted true 130'
	run jq -r '.cells[1].phases | map(.phase + "/" + .outcome) | join(" ")' r.json
	line_is 'precheck/pass build/pass vet/pass test/skipped'
	run jq -r '[.event, .id // .cell.id, .phase // .cell.class // .summary.exit] | map(select(. != null)) | join(" ")' r.ndjson
	line_is 'run'
	line_is 'phase go1.21.6 vet'
	line_is 'cell go1.21.6 interrupted'
	line_is 'cell go1.22.3 interrupted'
	[ "${lines[-1]}" = 'summary 130' ]
	[ "$(tail -n 1 r.tap)" = 'Bail out! interrupted' ]
	grep -q 'skipped message="interrupted"' r.xml
	grep -q 'The run was interrupted' r.md
	[ -z "$(find "$GOVER_ROOT/cells" "$GOVER_ROOT/scratch" -mindepth 1)" ]
	! pgrep -f "$BATS_TEST_TMPDIR/project" >/dev/null
}

@test "Ctrl-C ends the cell, and the reports tell what was done" {
	command -v jq >/dev/null || skip "no jq"
	go_sdk 1.20.14 "$good"
	go_sdk 1.21.6 '[ "$1" != test ] || pass gate'
	go_sdk 1.22.3 "$good"
	interrupted host
}

@test "Ctrl-C in a sandbox" {
	command -v jq >/dev/null || skip "no jq"
	sandbox_sdks 1.20.14 1.21.6 1.22.3
	mkfifo -m 666 "$sdks/go1.21.6/gate"
	interrupted bwrap
}

@test "a signal to every process, the cell's too, is an interrupt all the same" {
	command -v jq >/dev/null || skip "no jq"
	go_sdk 1.21.6 '[ "$1" != test ] || pass gate'
	watch 130 24x80 -s "go1.21.6 +run .*pass.*pass.* 0:=all" -- --report json=r.json 1.21.6
	[ "$(jq -r '.cells[0].class' r.json)" = interrupted ]
}

# follow FIFO OPTION...: gover validate with its output in FIFO, which is open as $from; $validation is the process.
follow() {
	mkfifo "$1"
	"$gover" validate --engine host -q "${@:2}" >"$1" 2>err 3>&- &
	validation=$!
	exec {from}<"$1"
}

# next_line: what came next, as the event, the cell and the phase; whatever does not come ends the run.
next_line() {
	read -r -t 60 -u "$from" line || {
		kill -9 "$validation"
		return 1
	}
	jq -r '[.event, .id // .cell.id, .phase] | map(select(. != null)) | join(" ")' <<<"$line"
}

@test "NDJSON comes while the cells run: the run, each phase, each cell, the summary" {
	command -v jq >/dev/null || skip "no jq"
	go_sdk 1.21.6 "$gated"
	go_sdk 1.22.3 "[ \"\$1\" != vet ] || exit 1; $good"
	follow out --jobs 1 --report ndjson=file.ndjson,ndjson=- 1.21.6 1.22.3
	[ "$(next_line)" = run ]
	read -r -t 60 -u "$from" line || { kill -9 "$validation"; false; }
	[ "$(jq -c '[.event, .id, .phase, .exit, .seconds >= 0]' <<<"$line")" = '["phase","go1.21.6","build",0,true]' ]
	[ "$(tail -n 1 file.ndjson)" = "$line" ]
	echo >"$sdks/go1.21.6/gate"
	[ "$(next_line)" = 'phase go1.21.6 vet' ]
	[ "$(next_line)" = 'phase go1.21.6 test' ]
	[ "$(next_line)" = 'cell go1.21.6' ]
	cat <&"$from" >rest
	wait "$validation" || [ $? = 1 ]
	[ "$(jq -r '[.event, .id // .cell.id, .phase, .exit] | map(select(. != null)) | join(" ")' rest)" = \
		'phase go1.22.3 build 0
phase go1.22.3 vet 1
phase go1.22.3 test 0
cell go1.22.3
summary' ]
	[ "$(wc -l <file.ndjson)" = 10 ]
	[ "$(jq -r 'select(.event == "summary") | .summary.exit' file.ndjson)" = 1 ]
}

@test "who reads no NDJSON holds up no cell, and who stops reading is an error at the end only" {
	command -v jq >/dev/null || skip "no jq"
	go_sdk 1.21.6 "i=0; while [ \$i -lt 3000 ]; do echo \"m.go:\$i:1: a line that is long enough to fill a pipe\"; i=\$((i + 1)); done; $good"
	go_sdk 1.22.3 "[ \"\$1\" != vet ] || echo >\"\${0%/bin/go}/gate\"; $good"
	follow out --jobs 1 --report ndjson 1.21.6 1.22.3
	read -r -t 60 _ <>"$sdks/go1.22.3/gate" || { kill -9 "$validation"; false; }
	[ "$(next_line)" = run ]
	cat <&"$from" >rest
	wait "$validation"
	[ "$(jq -r 'select(.event == "cell") | .cell.verdict' rest)" = "compatible
compatible" ]
	exec {from}<&-
	go_sdk 1.23.4 "$gated"
	follow other --report ndjson=-,json=whole.json 1.23.4
	[ "$(next_line)" = run ]
	exec {from}<&-
	echo >"$sdks/go1.23.4/gate"
	wait "$validation" && status=0 || status=$?
	[ "$status" = 3 ]
	grep -q "report 'ndjson' to standard output: cannot write: Broken pipe" err
	[ "$(jq -r '.cells[0].verdict' whole.json)" = compatible ]
}

@test "--fail-fast begins no more cells, and says so" {
	go_sdk 1.20.14 "$good"
	go_sdk 1.21.6 '[ "$1" != build ] || { echo "m.go:3:8: package slices is not in GOROOT (/x/src/slices)"; exit 1; }'
	go_sdk 1.22.3 "$good"
	expect 1 "$gover" validate --engine host --fail-fast 1.20.14 1.21.6 1.22.3
	[[ $output =~ go1.22.3\ +skipped\ +fail-fast ]]
	says '1 compatible, 1 incompatible, 1 skipped'
	says_not 'interrupted'
}

@test "no table where NDJSON is seen" {
	go_sdk 1.21.6 "$good"
	watch 0 24x200 -- --report ndjson 1.21.6
	says '{"event":"run","schema":1,' '{"event":"phase","id":"go1.21.6","phase":"vet","exit":0,' 'go1.21.6: compatible (build pass'
}

@test "no table with TERM=dumb, in CI and with -q" {
	go_sdk 1.21.6 "$good"
	TERM=dumb watch 0 24x80 -- 1.21.6
	says 'go1.21.6: compatible (build pass'
	CI=true watch 0 24x80 -- 1.21.6
	says 'go1.21.6: compatible (build pass'
	watch 0 24x80 -- -q 1.21.6
	says_not 'compatible'
}
