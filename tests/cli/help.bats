#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034 # set by the helper, or for it
# Help, unknown commands and options, and commands of gover-core.
load helper

setup() {
	setup_tree
}

@test "help lists every command of cmds.def" {
	expect 0 gover help
	names=$(sed -n 's/^X([a-z]*, *"\([^"]*\)".*/\1/p' "$top_srcdir/cmds.def")
	[ -n "$names" ]
	for name in $names; do
		grep -Eq "^  $name +[A-Z]" <<<"$output"
	done
	[ "$output" = "$(gover --help)" ]
	[ "$output" = "$(gover -h)" ]
}

@test "without a command: the same, but 2" {
	expect 2 gover
	says "usage: gover"
}

@test "each local command has --help with its usage, options and summary" {
	for name in $(sed -n 's/^X([a-z]*, *"\([^"]*\)".*LOCAL)$/\1/p' "$top_srcdir/cmds.def"); do
		expect 0 gover "$name" --help
		says "usage: gover $name" "--quiet"
		[ "$output" = "$(gover help "$name")" ]
		[ "$output" = "$(gover "$name" -h)" ]
	done
	expect 0 gover help use
	says "--pid PID"
}

@test "gover-core gets its commands with their arguments" {
	fake_core 'exit 0'
	expect 0 gover -q -C / install --force 1.22.3
	expect 0 gover help install
	expect 0 gover --help install
	[ "$(cat "$core_log")" = "-q -C / install --force 1.22.3
install --help
--help install" ]
	fake_core 'exit 42'
	expect 42 gover install
}

@test "without gover-core such a command says what is wrong" {
	without_core
	expect 1 gover install 1.22.3
	says "cannot find the program 'gover-core'"
}

@test "did you mean" {
	expect 2 gover isntall
	says "unknown command 'isntall'" "did you mean 'gover install'?"
	expect 2 gover lst
	says "did you mean 'gover list'?"
	expect 2 gover frobnicate
	says_not "did you mean"
	expect 2 gover use --claer
	says "unknown option '--claer'" "did you mean '--clear'?"
	expect 2 gover list -x
	says "unknown option '-x'" "gover help list"
	expect 2 gover __shim
}

@test "counts of arguments are checked" {
	expect 2 gover current x
	says "'current' takes no arguments"
	expect 2 gover default a b
	says "'default' takes at most 1 argument"
	expect 2 gover pin
	says "'pin' needs VERSION..."
}

@test "--json only where there is an answer" {
	expect 2 gover use --json 1.22.3
	expect 2 gover --json use 1.22.3
}

@test "--color and its variables" {
	expect 2 gover --color always frob
	says $'\x1b[1;31merror:\x1b[0m'
	expect 2 env CLICOLOR_FORCE=1 gover frob
	says $'\x1b['
	expect 2 env CLICOLOR_FORCE=1 NO_COLOR=1 gover frob
	says_not $'\x1b['
	expect 2 gover frob
	says_not $'\x1b['
	expect 2 gover --color blue list
	says "'blue' is not a colour mode"
}

@test "control bytes of arguments are not echoed" {
	expect 2 gover $'\x1b[2J'
	says_not $'\x1b'
	expect 2 gover list $'--\x1b[2J'
	says_not $'\x1b'
}

@test "called with an empty name it does not crash" {
	expect 2 bash -c 'exec -a "" "$0"' "$gover"
}

@test "every key of a JSON answer is in the manual" {
	command -v jq >/dev/null || skip "jq not found"
	sdk 1.22.3
	gover -q default 1.22.3
	cp "$top_builddir/gover-core" "$top_builddir/gover-agent" "$tree/libexec/gover/"
	mkdir -p "$GOVER_ROOT/cells"
	printf 'gover-cell 1\nengine host\n' >"$GOVER_ROOT/cells/a-1"
	section=$(sed -n '/^\.Sh JSON OUTPUT/,/^\.Sh ENVIRONMENT/p' "$top_srcdir/man/gover.1" | tr -s ' ,' '\n')
	for cmd in current which explain list "list --remote" default config "config get verify" "version lang 1.2" \
		"version valid 1.2" "version compare 1 2" version "cell list" "engine host"; do
		json=$(gover --json $cmd 2>/dev/null)
		for key in $(jq -r '.. | objects | keys[]' <<<"$json" | sort -u); do
			grep -qx "$key" <<<"$section" || {
				echo "'$key' of '$cmd' is not in the manual"
				return 1
			}
		done
	done
}
