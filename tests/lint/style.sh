#!/bin/sh
# SPDX-License-Identifier: MIT
# Rules that hold in every source file (HACKING.md, "Style").
set -eu
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

cd "$top"
ours=$(find src shims tests -name '*.[ch]' | sort)
scripts=$(find tests/lint scripts .ci -type f | sort)

no_licence()
{
	for f in $ours; do
		head -n 1 "$f" | grep -q '^/\* SPDX-License-Identifier: MIT \*/$' || echo "$f"
	done
}

wrong_guard()
{
	for f in $(find src -name '*.h' | sort); do
		guard=GV_$(echo "${f#src/}" | sed -E 's,^(base|sdk|lab)/,,' | tr 'a-z/.-' 'A-Z___')
		grep -q "^#ifndef $guard\$" "$f" || echo "$f: no $guard"
	done
}

# Tables and generated text have no includes, which is fine.
config_not_first()
{
	for f in $(find src shims -name '*.c' | sort); do
		first=$(grep -m 1 '^#include' "$f") || continue
		[ "$first" = "#include <config.h>" ] || echo "$f: $first"
	done
}

too_long()
{
	wc -l "$@" | awk '$2 != "total" && $1 > 500 { print $2 ": " $1 " lines" }'
}

# From the opening to the closing brace in column one.
long_functions()
{
	awk 'FNR == 1 { open = 0 } /^\{/ { open = FNR }
	     /^\}/ { if (open && FNR - open > 90) print FILENAME ":" open ": " FNR - open " lines"; open = 0 }' "$@"
}

makes_results()
{
	grep -rl '"judge/build.h"' src | grep -vxE 'src/lab/(judge/(assemble|result)|report/read)\.c'
}

# bats waits for all that holds its output, also after a test failed.
keeps_bats_waiting()
{
	grep -nE '(^|[^&]) &$' tests/cli/*.bats tests/cli/*.bash | grep -vE '2>.*3>&-' || :
}

waits_for_ever()
{
	grep -nE 'read -r .*<' tests/cli/*.bats tests/cli/*.bash | grep -vE 'read -r .*-t [0-9]|pass\(\)|<<<|<&-' || :
}

check "a program in the background of a bats test holds none of its output" keeps_bats_waiting
check "a bats test does not wait for ever" waits_for_ever
check "only the judge makes a result, and the reader of a report" makes_results
check "the first line names the licence" no_licence
check "header guards are named after the file" wrong_guard
check "<config.h> is included first" config_not_first
# shellcheck disable=SC2086 # lists of plain names
{
	check "no file is longer than 500 lines" too_long $ours $scripts
	check "no function is longer than 90 lines" long_functions $ours
	check "no blanks at the end of a line" grep -nE '[[:blank:]]+$' $ours $scripts Makefile.am configure.ac cmds.def
	check "no function that knows no limit or reports no error" \
		grep -nE '(^|[^_a-z])(strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|strtok)\(' $ours
	check "programs take exit statuses from ui/exit.h" \
		grep -rnE '(^|[^_a-z])_?exit\([1-9]' src/gover src/core src/base/ui shims --include='*.c'
}
tap_done
