#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the completions offer, with the real program. Each shell runs its own completion file. The tested line ends
# where the user presses TAB.

# shellcheck disable=SC2154,SC2034,SC2016 # set by the helper, or for it
load helper

setup() {
	setup_tree
	sdk 1.21.6 1.22.3
}

# in_bash WORD...: complete the last word.
in_bash() {
	bash -c '
		. "$0/completions/gover.bash"
		compopt() { :; } # the real one needs a line editor
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_gover
		printf "%s\n" "${COMPREPLY[@]}"' "$top_srcdir" "$@"
}

in_fish() {
	command -v fish >/dev/null || skip "no fish"
	fish --no-config -c 'source $argv[1]/completions/gover.fish; complete -C $argv[2]' "$top_srcdir" "$1"
}

# Replaces the functions that talk to the line editor by functions that print.
in_zsh() {
	command -v zsh >/dev/null || skip "no zsh"
	without_leak_check
	zsh -f -c '
		file=$1/completions/_gover
		shift
		words=("$@") CURRENT=$# PREFIX=$@[-1]
		compadd() { print -rl -- "$@" }
		_describe() { print -rl -- "${(@P)@[-1]}" }
		_command_names() { print commands }
		_directories() { print directories }
		source $file' zsh "$top_srcdir" "$@"
}

@test "bash: commands" {
	expect 0 in_bash gover u
	[ "$output" = $'uninstall\nuse' ]
}

@test "bash: every command of --help" {
	expect 0 in_bash gover ''
	[ "$output" = "$("$gover" --help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')" ]
}

@test "bash: use takes what is installed, newest first" {
	expect 0 in_bash gover use 1
	[ "$output" = $'1.22.3\n1.21.6' ]
}

@test "bash: install takes what is known, without asking anyone" {
	expect 0 in_bash gover install 1.20.1
	says 1.20.14 1.20.10
	says_not 1.22.3
	run cat "$core_log"
	says_not install
}

@test "bash: options of the command, global ones with a value before it" {
	expect 0 in_bash gover -C "$proj" --color never use --c
	[ "$output" = $'--clear\n--color' ]
}

@test "bash: after exec V --, a command" {
	expect 0 in_bash gover exec 1.22.3 -- mkdi
	line_is mkdir
}

@test "bash: settings" {
	expect 0 in_bash gover config get auto
	[ "$output" = auto_install ]
}

@test "bash: cell, engine and ci" {
	fake_core '[ "$*" = "-q cell list" ] && printf "%s\n" "a-1  bwrap" "b-1  bwrap"'
	expect 0 in_bash gover cell ''
	[ "$output" = $'list\nenter\nremove' ]
	expect 0 in_bash gover cell enter ''
	[ "$output" = $'a-1\nb-1' ]
	expect 0 in_bash gover cell remove a-1 b
	[ "$output" = b-1 ]
	expect 0 in_bash gover engine b
	[ "$output" = bwrap ]
	expect 0 in_bash gover ci matrix ''
	[ "$output" = $'github\ngitlab' ]
	expect 0 in_bash gover ci matrix github 1.21
	[ "$output" = 1.21.6 ]
}

@test "fish: commands with what they do" {
	expect 0 in_fish 'gover us'
	[ "$output" = $'use\tSelect a Go version for this shell' ]
}

@test "fish: versions and options" {
	expect 0 in_fish 'gover uninstall '
	line_is 1.21.6
	expect 0 in_fish 'gover use --cl'
	says --clear
	says_not --color
}

@test "fish: cell, engine and ci" {
	fake_core '[ "$*" = "-q cell list" ] && printf "%s\n" "a-1  bwrap" "b-1  bwrap"'
	expect 0 in_fish 'gover cell '
	line_is remove
	expect 0 in_fish 'gover cell enter '
	line_is b-1
	expect 0 in_fish 'gover cell remove a-1 b'
	[ "$output" = b-1 ]
	expect 0 in_fish 'gover engine po'
	[ "$output" = podman ]
	expect 0 in_fish 'gover ci matrix '
	line_is gitlab
	expect 0 in_fish 'gover ci matrix github 1.21'
	line_is 1.21.6
}

@test "zsh: cell, engine and ci" {
	fake_core '[ "$*" = "-q cell list" ] && printf "%s\n" "a-1  bwrap" "b-1  bwrap"'
	expect 0 in_zsh gover cell ''
	line_is enter
	expect 0 in_zsh gover cell remove a-1 ''
	line_is b-1
	expect 0 in_zsh gover engine ''
	line_is host
	expect 0 in_zsh gover ci matrix ''
	[ "$output" = $'github\ngitlab' ]
	expect 0 in_zsh gover ci matrix github ''
	line_is 1.21.6
}

@test "zsh: commands, versions, options" {
	expect 0 in_zsh gover ''
	line_is 'use:Select a Go version for this shell'
	expect 0 in_zsh gover use ''
	line_is 1.22.3
	line_is stable
	expect 0 in_zsh gover use --
	line_is '--clear:Remove the selection'
	expect 0 in_zsh gover exec 1.22.3 -- ''
	[ "$output" = commands ]
}
