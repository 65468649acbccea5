#!/bin/sh
# SPDX-License-Identifier: MIT
# The manual pages against the program: commands, options, exit statuses and settings, in both directions.
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

# Not in the page: $1 is where, the others are options.
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
	sed -n 's/^\tGV_EXIT_[A-Z_]* = \([0-9]*\),.*/\1/p' "$top/src/ui/exit.h" >"$work/statuses"
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

# Classes that only one of gover-validate.7 and the schema has.
wrong_classes()
{
	sed -n '/^    "class": {/,/^    }/s/^        "\(.*\)/"\1/p' "$top/data/report.schema.json" | grep -oE '"[a-z-]+"' | tr -d '"' |
		sort >"$work/classes"
	sed -n '/^\.Ss Classes/,/^\.El/s/^\.It Cm //p' "$top/man/gover-validate.7" | tr -s ', ' '\n' | sort | diff "$work/classes" -
}

# Members of the JSON report that only one of gover-validate.7 and the schema has.
wrong_members()
{
	grep -oE '"[a-z_]+": \{' "$top/data/report.schema.json" | tr -d '": {' |
		grep -vxE 'properties|definitions|items|cell' | sort -u >"$work/members"
	sed -n '/^\.Sh JSON REPORT/,/^\.Ss/p' "$top/man/gover-validate.7" | sed -nE 's/^\.(It |Pq )*Va (.*)/\2/p' |
		sed 's/Pq.*//' | tr ' ,' '\n\n' | grep -xE '[a-z_]+' | grep -vx event | sort -u | diff "$work/members" -
}

wrong_formats()
{
	sed -n 's/^\t{ "\([a-z]*\)", .*, gv_write_.*/\1/p' "$top/src/report/report.c" | sort >"$work/formats"
	sed -n '/^\.Sh REPORT FORMATS/,/^\.El/s/^\.It Cm //p' "$top/man/gover-validate.7" | tr ', ' '\n\n' | grep . | sort | diff "$work/formats" -
}

check "each command has a section in gover.1" without_section
check "each option is in gover.1" undocumented_options
check "gover.1 describes no option that is not there" invented_options
check "gover.1 lists the exit statuses of ui/exit.h" statuses
check "gover-config.5 describes every setting and its variable" wrong_settings
check "gover-validate.7 names the members of the JSON report" wrong_members
check "gover-validate.7 names the report formats" wrong_formats
check "gover-validate.7 describes the classes of the JSON report" wrong_classes
tap_done
