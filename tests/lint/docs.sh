#!/bin/sh
# SPDX-License-Identifier: MIT
# Compares the manual pages with the program, in both directions: commands, options, exit statuses and settings.
set -eu
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

gover=${top_builddir:-.}/gover
page=$top/man/gover.1
settings=$top/man/gover-config.5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
GOVER_ROOT=$work/root
export GOVER_ROOT
commands=$(sed -n 's/^X([a-z_]*, *"\([a-z]*\)".*/\1/p' "$top/cmds.def")

# The part of the page that describes a command.
section()
{
	awk -v name="$1" '/^\.It Cm / { on = ($3 == name) } /^\.Sh / { on = 0 } on' "$page"
}

# Long options that --help lists below TITLE.
options()
{
	awk -v title="$1:" '$0 == title { on = 1; next } /^[^ ]/ { on = 0 } on' "$2" |
		sed -nE 's/^ +(-[A-Za-z], )?--([a-z-]+).*/\2/p'
}

# Print the options that the page $1 does not have.
undocumented()
{
	while read -r option; do
		grep -qE "Fl Fl $option( |\$)" "$1" || echo "--$option"
	done
}

for command in $commands; do
	"$gover" "$command" --help >"$work/$command.help"
	section "$command" >"$work/$command.man"
done
"$gover" --help >"$work/help"

without_section()
{
	for command in $commands; do
		[ -s "$work/$command.man" ] || echo "$command"
	done
}

undocumented_options()
{
	for command in $commands; do
		options options "$work/$command.help" | undocumented "$work/$command.man" | sed "s/^/$command /"
	done
	options options "$work/help" | undocumented "$page"
}

invented_options()
{
	grep -ohE 'Fl Fl [a-z][a-z-]+' "$page" | sort -u | while read -r _ _ option; do
		grep -qE -e "--$option( |\$)" "$work"/*.help "$work/help" || "$gover" "--$option" >/dev/null || echo "--$option"
	done
}

statuses()
{
	sed -n 's/^\tGV_EXIT_[A-Z_]* = \([0-9]*\),.*/\1/p' "$top/src/base/ui/exit.h" >"$work/statuses"
	sed -n '/^\.Sh EXIT STATUS/,/^\.El/s/^\.It \([0-9]*\)$/\1/p' "$page" | diff "$work/statuses" -
}

wrong_settings()
{
	"$gover" config | sed -nE 's/^([a-z_]+) .*/\1/p' | sort >"$work/settings"
	sed -n 's/^\.It Cm \([a-z_]*\) Pq Ev GOVER_.*/\1/p' "$settings" | sort | diff "$work/settings" -
	sed -n 's/^\.It Cm \([a-z_]*\) Pq Ev \([A-Z_]*\).*/\1 \2/p' "$settings" | while read -r key variable; do
		[ "GOVER_$(echo "$key" | tr a-z A-Z)" = "$variable" ] || echo "$key: $variable"
	done
}

# Print what scripts/gen-causes would change in the manual page and the schema.
wrong_classes()
{
	mkdir "$work/causes"
	"$top/scripts/gen-causes" "$work/causes"
	diff "$top/man/gover-validate.7" "$work/causes" && diff "$top/data/report.schema.json" "$work/causes" ||
		echo "run scripts/gen-causes"
}

# Print members of the JSON report that only gover-validate.7 or only the schema has.
wrong_members()
{
	grep -oE '"[a-z_]+": \{' "$top/data/report.schema.json" | tr -d '": {' |
		grep -vxE 'properties|definitions|items|cell' | sort -u >"$work/members"
	sed -n '/^\.Sh JSON REPORT/,/^\.Ss/p' "$top/man/gover-validate.7" | sed -nE 's/^\.(It |Pq )*Va (.*)/\2/p' |
		sed 's/Pq.*//' | tr ' ,' '\n\n' | grep -xE '[a-z_]+' | grep -vx event | sort -u | diff "$work/members" -
}

wrong_formats()
{
	grep -o '{ "[a-z]*", gv_write_' "$top/src/lab/report/report.c" | cut -d'"' -f2 | sort >"$work/formats"
	sed -n '/^\.Sh REPORT FORMATS/,/^\.El/s/^\.It Cm //p' "$top/man/gover-validate.7" | tr ', ' '\n\n' | grep . | sort | diff "$work/formats" -
}

check "each command has a section in gover.1" without_section
check "each option is in gover.1" undocumented_options
check "gover.1 describes no option that does not exist" invented_options
check "gover.1 lists the exit statuses of ui/exit.h" statuses
check "gover-config.5 describes every setting and its variable" wrong_settings
check "gover-validate.7 names the members of the JSON report" wrong_members
check "gover-validate.7 names the report formats" wrong_formats
check "scripts/gen-causes has nothing to change in gover-validate.7 and the schema" wrong_classes
tap_done
