#!/bin/sh
# SPDX-License-Identifier: MIT
# A build starts bin/gover thousands of times. To be fast, it must be linked statically and not be position independent.
set -eu
: "${top_builddir:?}"

gover=$top_builddir/gover
if [ "${BASE_STATIC:-no}" != yes ]; then
	echo "1..0 # SKIP gover is not built static here"
	exit 0
fi
if ! command -v readelf >/dev/null; then
	echo "1..0 # SKIP readelf not found"
	exit 0
fi

count=0
failed=0
# absent NAME READELF-OPTION PATTERN
absent()
{
	count=$((count + 1))
	if found=$(readelf -W "$2" "$gover" | grep -E "$3"); then
		failed=1
		echo "not ok $count - $1"
		printf '%s\n' "$found" | sed 's/^/#   /'
	else
		echo "ok $count - $1"
	fi
}

absent "gover needs no library" -d 'NEEDED'
absent "gover has no interpreter" -l 'INTERP'
absent "gover is not position independent" -h 'Type:.*DYN'
absent "the stack of gover is not executable" -l 'GNU_STACK.* RWE'
echo "1..$count"
exit "$failed"
