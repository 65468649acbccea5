#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034 # set by the helper, or for it
# gover cell on the real programs: what --keep-failed left is listed, entered and removed. Cells that fail run in bubblewrap;
# records of others are written here.
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

# keep_failed: a failed cell of 1.22.3 is kept; its id in $id.
keep_failed() {
	sandbox_sdks 1.21.6 1.22.3
	: >"$GOVER_ROOT/sdks/go1.22.3/fails"
	expect 1 "$gover" validate --engine bwrap --keep-failed 1.21.6 1.22.3
	id=$(ls "$GOVER_ROOT/cells")
}

# record NAME LINE...: of a cell on the host engine.
record() {
	mkdir -p "$GOVER_ROOT/cells"
	printf '%s\n' 'gover-cell 1' 'engine host' "${@:2}" >"$GOVER_ROOT/cells/$1"
}

# kept NAME: one that is kept for an hour, with a directory of its own.
kept() {
	mkdir -p "$GOVER_ROOT/scratch/$1"
	record "$1" "kept $(($(date +%s) + 3600))" "remove $GOVER_ROOT/scratch/$1" "dir $GOVER_ROOT/scratch/$1" \
		"env GOVER_ROOT=$GOVER_ROOT" 'limits 0 1000 10'
}

# run_as_cell NAME: its record is locked from here on, as by the gover that runs the cell.
run_as_cell() {
	exec 9<>"$GOVER_ROOT/cells/$1"
	flock 9
}

@test "a failed cell is kept, entered and removed" {
	keep_failed
	[[ $id == *-go1.22.3-1 ]]
	says "go1.22.3: kept for a day: gover cell enter $id"
	expect 0 "$gover" cell list
	[[ $output == "$id  bwrap   until 20"*"  $PWD" ]]
	# As what runs in the cell: its copy, its user, no network.
	expect 3 "$gover" cell enter "$id" <<<'pwd; ls; echo x >new; ls /sys/class/net; go version; exit 3'
	line_is "$PWD"
	line_is m.go
	line_is 'go version go1.22.3 linux/amd64'
	[ ! -e new ]
	# From anywhere: the cell knows its project.
	expect 0 "$gover" cell -C / enter "$id" -- cat new
	[ "$output" = x ]
	expect 4 "$gover" cell enter "$id" -- sh -c 'exit "$1"' sh 4
	expect 0 "$gover" validate --engine bwrap 1.21.6
	[ "$(ls "$GOVER_ROOT/cells")" = "$id" ]
	expect 0 "$gover" cell remove "$id"
	says "removed $id"
	[ -z "$(find "$GOVER_ROOT/cells" "$GOVER_ROOT/scratch" -mindepth 1)" ]
	expect 3 "$gover" cell enter "$id"
}

# at_terminal ID REDIRECTION COMMAND: a shell on a terminal runs COMMAND in the cell, and says what it then finds typed.
at_terminal() {
	# shellcheck disable=SC2016 # for that shell
	expect 0 python3 "$top_srcdir/tests/cli/terminal.py" 24x100 "${steps[@]}" -- env command="$3" bash -c '
		trap : TERM
		eval "$0 cell enter $1 -- sh -c \"\$command\" $2"
		! read -r -t 0 || echo "the shell reads: $(head -n 1)"' "$gover" "$1" "$2"
}

# kept_in_both: a kept cell of bubblewrap and one of the host engine, in $cells.
kept_in_both() {
	keep_failed
	kept a-1
	cells=("$id" a-1)
}

@test "a program in a cell cannot type into the terminal of who entered the cell" {
	command -v perl >/dev/null || skip "perl not found"
	kept_in_both
	steps=()
	# TIOCSTI, on every terminal that it can reach.
	# shellcheck disable=SC2016 # perl's
	type='for my $t (*STDIN, *STDOUT, *STDERR) { ioctl($t, 0x5412, $_) for split //, "typed\n" }
		open my $t, "+<", "/dev/tty" or exit; ioctl($t, 0x5412, $_) for split //, "typed\n"'
	for cell in "${cells[@]}"; do
		for redirection in '' '| cat' '</dev/null' '2>/dev/null' '2>&1 >/dev/null' '</dev/null >out 2>&1'; do
			at_terminal "$cell" "$redirection" "perl -e '$type'; echo the typist was here"
			[[ $output != *'the shell reads'* ]]
			[[ $redirection == *'>'* ]] || says 'the typist was here'
		done
	done
}

@test "a cell that is entered has a terminal of its own: its size, Ctrl-C, and no terminal where there is none" {
	kept_in_both
	for cell in "${cells[@]}"; do
		# shellcheck disable=SC2016 # for the cell
		expect 0 python3 "$top_srcdir/tests/cli/terminal.py" 24x100 -s 'ready=size 30x90' -s 'larger=int' -- \
			"$gover" cell enter "$cell" -- sh -c 'trap "echo interrupted; exit" INT
			stty size; echo ready; until [ "$(stty size)" = "30 90" ]; do :; done; echo larger; while :; do :; done'
		says '24 100' larger interrupted
		[[ $output != *'a cell gets what is typed'* ]]
		steps=(-s 'two=look')
		at_terminal "$cell" '| sed s/^/piped:/' 'test -t 0 || test -t 1 || test -t 2 || echo none; echo two >&2'
		says piped:none two
	done
}

@test "a program that is left behind in a cell does not keep its terminal open" {
	kept a-1
	expect 3 python3 "$top_srcdir/tests/cli/terminal.py" 24x100 -- "$gover" cell enter a-1 -- sh -c 'yes & exit 3'
}

# slow_reader COMMAND...: a terminal that nobody reads until COMMAND has no child left and only waits; prints how much comes then.
slow_reader() {
	python3 - "$@" <<'PYTHON'
import os, pty, sys, time
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
children = '/proc/%d/task/%d/children' % (pid, pid)
while not open(children).read():
    time.sleep(0.01)
end = time.monotonic() + 60
while open(children).read() and time.monotonic() < end:
    time.sleep(0.01)
# It must not end before somebody reads. Give it the chance to be wrong.
for _ in range(50):
    if ') Z ' in open('/proc/%d/stat' % pid).read():
        break
    time.sleep(0.01)
total = b''
try:
    while data := os.read(fd, 100):
        total += data
except OSError:
    pass
print(total.count(b'x'))
PYTHON
}

@test "a slow terminal gets all that a cell printed" {
	kept a-1
	[ "$(slow_reader "$gover" cell enter a-1 -- sh -c 'head -c 9000 /dev/zero | tr "\0" x')" -eq 9000 ]
}

@test "SIGTERM ends who is in a cell: exit 130, and the terminal is as it was" {
	kept_in_both
	for cell in "${cells[@]}"; do
		steps=(-s 'inside=term gover-core')
		at_terminal "$cell" '; echo "status $?"; stty -a | grep -o " echo "' 'ulimit -t 60; trap "" HUP TERM; echo inside; while :; do :; done'
		says 'status 130' ' echo '
	done
}

# The first one only asks the program to end; the second one ends gover, and with it the program.
@test "a second SIGTERM, too, leaves the terminal as it was, and no program" {
	kept a-1
	steps=(-s 'inside=term gover-core' -s 'asked=term gover-core')
	at_terminal a-1 '; stty -a | grep -o " echo "' \
		"ulimit -t 60; echo \$\$ >'$T/pid'; trap '' HUP; trap 'trap - TERM; echo asked' TERM; echo inside; while :; do :; done"
	says asked ' echo '
	wait_until is_gone
}

is_gone() {
	! kill -0 "$(cat "$T/pid")" 2>/dev/null
}

@test "a kept cell is swept after its day" {
	sandbox_sdks 1.22.3
	: >"$GOVER_ROOT/sdks/go1.22.3/fails"
	expect 1 "$gover" validate --engine bwrap --keep-failed 1.22.3
	sed -i 's/^kept .*/kept 1/' "$GOVER_ROOT"/cells/*
	rm "$GOVER_ROOT/sdks/go1.22.3/fails"
	expect 0 "$gover" validate --engine bwrap 1.22.3
	[ -z "$(find "$GOVER_ROOT/cells" "$GOVER_ROOT/scratch" -mindepth 1)" ]
}

@test "list --json: what is kept, runs, or was left behind" {
	command -v jq >/dev/null || skip "jq not found"
	kept a-1
	record b-1 'limits 0 1000 10'
	record c-1 'limits 0 1000 10'
	run_as_cell c-1
	expect 0 "$gover" cell list
	[ "$(wc -l <<<"$output")" -eq 3 ]
	says 'a-1  host    until ' 'b-1  host    left behind' 'c-1  host    running'
	expect 0 "$gover" cell list --json
	[ "$(jq -c '[.cells[] | [.id, .engine, .running, (.kept_until | type), .dir]]' <<<"$output")" = \
		"[[\"a-1\",\"host\",false,\"number\",\"$GOVER_ROOT/scratch/a-1\"],[\"b-1\",\"host\",false,\"null\",null],[\"c-1\",\"host\",true,\"null\",null]]" ]
}

@test "without cells the list is empty" {
	expect 0 "$gover" cell list
	says 'no cell is kept'
	expect 0 "$gover" cell list --json
	[ "$output" = '{"cells":[]}' ]
}

@test "a running cell is neither entered nor removed: exit 6" {
	kept a-1
	kept b-1
	run_as_cell a-1
	expect 6 "$gover" cell enter a-1
	says "the cell 'a-1' is running"
	# What can be removed is.
	expect 6 "$gover" cell remove a-1 b-1
	[ "$(ls "$GOVER_ROOT/cells")" = a-1 ]
	[ -d "$GOVER_ROOT/scratch/a-1" ]
	expect 0 "$gover" cell remove --all
	[ "$(ls "$GOVER_ROOT/cells")" = a-1 ]
}

@test "a cell in which somebody is is running" {
	kept a-1
	expect 0 "$gover" cell enter a-1 -- "$gover" cell list
	says 'a-1  host    running'
	expect 6 "$gover" cell enter a-1 -- "$gover" cell remove a-1
	expect 0 "$gover" cell enter a-1 -- "$gover" cell enter a-1 -- true
	expect 0 "$gover" cell remove a-1
}

@test "a cell whose engine does not answer stays" {
	kept a-1
	sed -i 's/^engine .*/engine docker/' "$GOVER_ROOT/cells/a-1"
	DOCKER_HOST=unix://$T/nobody expect 1 "$gover" cell remove a-1
	says "$T/nobody"
	expect 0 "$gover" cell list
	says 'a-1  docker  until '
	[ -d "$GOVER_ROOT/scratch/a-1" ]
}

@test "remove --all" {
	kept a-1
	kept b-1
	expect 0 "$gover" cell remove --all
	says 'removed a-1' 'removed b-1'
	[ -z "$(find "$GOVER_ROOT/cells" "$GOVER_ROOT/scratch" -mindepth 1)" ]
	expect 0 "$gover" cell remove --all
}

@test "a record removes only the directory that gover made for its cell" {
	mkdir -p "$T/precious" "$GOVER_ROOT/scratch/b-1"
	for path in "$T/precious" "$GOVER_ROOT/scratch/b-1" "$GOVER_ROOT/scratch/a-1/../b-1" "$GOVER_ROOT"; do
		record a-1 'kept 1' "remove $path" 'limits 0 1000 10'
		expect 1 "$gover" cell remove a-1
		says "cannot remove the cell 'a-1' completely"
		[ -d "$T/precious" ] && [ -d "$GOVER_ROOT/scratch/b-1" ]
	done
	record a-1 'kept 1' "cgroup $T/precious" 'limits 0 1000 10'
	expect 2 "$gover" cell remove a-1
}

@test "a link in place of the scratch directory leads nowhere" {
	kept a-1
	mkdir -p "$T/precious/a-1"
	rm -r "$GOVER_ROOT/scratch"
	ln -s "$T/precious" "$GOVER_ROOT/scratch"
	expect 1 "$gover" cell remove a-1
	[ -d "$T/precious/a-1" ]
}

@test "a record that was being written when gover was killed is no cell, and is swept" {
	kept a-1
	head -c 20 "$GOVER_ROOT/cells/a-1" >"$GOVER_ROOT/cells/.b-1"
	expect 0 "$gover" cell list
	[ "$(wc -l <<<"$output")" -eq 1 ]
	expect 0 "$gover" cell remove --all
	[ -z "$(ls -A "$GOVER_ROOT/cells")" ]
}

@test "a name that no cell has: exit 3" {
	kept a-1
	expect 3 "$gover" cell enter nosuch
	says "no kept cell 'nosuch'"
	expect 3 "$gover" cell remove nosuch a-1
	[ -z "$(ls "$GOVER_ROOT/cells")" ]
	record b-1 'limits 0 1000 10'
	expect 3 "$gover" cell enter b-1
	says "'b-1' was not kept"
	expect 2 "$gover" cell remove ../cells
	expect 2 "$gover" cell remove ..
}

@test "the record of a kept cell that holds no number where one belongs is refused" {
	record odd-1 'limits 4g 1000 10'
	expect 2 "$gover" cell enter odd-1
	says "odd-1', line 3: not understood"
	record odd-1 'kept tomorrow'
	expect 2 "$gover" cell remove odd-1
	says "odd-1', line 3: not understood"
	kept a-1
	expect 0 "$gover" cell list
	says 'warning: ' "odd-1', line 3: not understood" 'a-1  '
}

@test "usage" {
	kept a-1
	for words in 'list x' 'list --all' enter 'enter a-1 --json' remove 'remove a-1 --all' 'remove a-1 --json' 'drop a-1'; do
		# shellcheck disable=SC2086 # words
		expect 2 "$gover" cell $words
	done
	[ -e "$GOVER_ROOT/cells/a-1" ]
	for option in "--enter a-1" --explain-engine "--emit github"; do
		# shellcheck disable=SC2086 # words
		expect 2 "$gover" validate $option
		says "unknown option"
	done
}

@test "the record of a kept cell that was cut short is refused, and nothing is removed because of it" {
	mkdir -p "$GOVER_ROOT/cells" "$BATS_TEST_TMPDIR/home/scratch"
	printf 'gover-cell 1\nengine host\nremove %s/home' "$BATS_TEST_TMPDIR" >"$GOVER_ROOT/cells/cut-1"
	expect 2 "$gover" cell enter cut-1
	says "cut-1', line 3: not understood"
	sandbox_sdks 1.22.3
	expect 0 "$gover" validate --engine bwrap 1.22.3
	[ -d "$BATS_TEST_TMPDIR/home/scratch" ]
}
