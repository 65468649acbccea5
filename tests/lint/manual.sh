#!/bin/sh
# SPDX-License-Identifier: MIT
# A header is the manual (HACKING.md, "Style"): each declared function has a comment directly above it or on its line.
# One comment may cover several declarations without an empty line between them. A name that ends in "_" belongs to a
# macro beside it.
set -eu
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

cd "$top"
headers=$(find src shims -name '*.h' | sort)

undocumented()
{
	awk '
		function ended() { text = ""; inside = 0 }
		FNR == 1 { said = 0; comment = 0; body = 0; macro = 0; ended() }
		macro { macro = /\\$/; next }
		comment { comment = !/\*\//; next }
		/^#/ { macro = /\\$/; said = 0; ended(); next }
		/^[ \t]*$/ { if (!inside) said = 0; next }
		/^\/\*/ { said = 1; comment = !/\*\//; next }
		body { if (/^\}/) { body = 0; said = 0 }; next }
		{
			if (!inside) {
				inside = 1
				line = FNR
			}
			text = text " " $0
			behind = sub(/[ \t]*\/\*.*\*\//, "", text)
		}
		text ~ /\{[ \t]*$/ || text ~ /;[ \t]*$/ {
			if (text ~ /\(/ && text !~ /^ (typedef|_Static_assert)/ && text !~ /^ (struct|enum|union) [a-z_0-9]+ *\{/ &&
			    text !~ /[a-z0-9]_\(/ && !said && !behind)
				print FILENAME ":" line ":" text
			body = text ~ /\{[ \t]*$/
			ended()
		}' "$@"
}

# shellcheck disable=SC2086 # lists of plain names
check "each function of a header has a comment above it" undocumented $headers
tap_done
