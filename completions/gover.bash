# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# bash completion for gover. Commands and options are read from --help, so they are always up to date.

# First column of the lines below "TITLE:" of a --help text on stdin.
_gover_section()
{
	awk -v title="$1:" '$0 == title { on = 1; next } /^[^ ]/ { on = 0 } on' | grep -oE "$2"
}

_gover_commands()
{
	gover --help 2>/dev/null | _gover_section commands '^  [a-z]+' | tr -d ' '
}

# Options of a command, or those of gover itself.
_gover_options()
{
	# shellcheck disable=SC2086 # no command is no word
	gover $1 --help 2>/dev/null | grep -oE '^ +(-[A-Za-z], )?--[a-z-]+' | grep -oE -e '--[a-z-]+'
}

_gover_versions()
{
	gover -q list "$@" 2>/dev/null | awk '{ print $1 == "*" ? $2 : $1 }'
}

# Versions that can be installed, from the local list: no network.
_gover_known()
{
	GOVER_SOURCES=off _gover_versions --remote --all
}

_gover()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command='' words='' i first

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-C | --directory | --color) i=$((i + 1)) ;;
		-*) ;;
		*)
			command=${COMP_WORDS[i]} first=$i
			break
			;;
		esac
	done

	COMPREPLY=()
	case $prev in
	-C | --directory)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return
		;;
	--color) words='auto always never' ;;
	--shell) words='sh bash dash zsh ksh mksh ash fish' ;;
	esac
	if [[ -n $words ]]; then
		:
	elif [[ $command == exec && " ${COMP_WORDS[*]:first:COMP_CWORD-first} " == *' -- '* ]]; then
		mapfile -t COMPREPLY < <(compgen -c -- "$cur")
		return
	elif [[ $cur == -* ]]; then
		words=$(_gover_options "$command")
	else
		case $command in
		'') words=$(_gover_commands) ;;
		install) words="$(_gover_known) latest stable oldstable" ;;
		uninstall | env | exec) words=$(_gover_versions) ;;
		use | default) words="$(_gover_versions) latest stable oldstable system" ;;
		pin) words="$(_gover_versions) $(_gover_known)" ;;
		which) words='go gofmt gopls dlv' ;;
		engine) words='docker podman bwrap host' ;;
		cell)
			case " ${COMP_WORDS[*]:first+1:COMP_CWORD-first-1} " in
			'  ') words='list enter remove' ;;
			' enter ' | ' remove '*) words=$(gover -q cell list 2>/dev/null | awk '{ print $1 }') ;;
			esac
			;;
		ci)
			case $prev in
			ci) words=matrix ;;
			matrix) words='github gitlab' ;;
			*) words=$(_gover_versions) ;;
			esac
			;;
		version) words='compare valid lang select' ;;
		config)
			case $prev in
			config) words='list get set unset' ;;
			get | set | unset) words=$(gover config 2>/dev/null | awk '{ print $1 }') ;;
			esac
			;;
		help) words=$(_gover_commands) ;;
		esac
	fi
	compopt -o nosort 2>/dev/null # versions come newest first
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

complete -F _gover gover
