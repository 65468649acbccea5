#!/bin/sh
# SPDX-License-Identifier: MIT
# snprintf() truncates silently. Use gv_text_cut() for text that a person reads and gv_text_fit() for text that must be
# whole (util/text.h), or check the result of snprintf(). Numbers always have room.
set -eu
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

cd "$top"
sources=$(find src shims -name '*.[ch]' | sort)

unheard()
{
	awk '
		FNR == 1 { call = "" }
		call == "" && /^[ \t]*(\(void\))?v?snprintf\(/ { call = $0; line = FNR }
		call != "" && line != FNR { call = call " " $0 }
		call != "" && /;[ \t]*(\/\*.*)?$/ {
			if (call ~ /%[-0-9.*]*s/)
				print FILENAME ":" line ": " call
			call = ""
		}' "$@"
}

# shellcheck disable=SC2086 # lists of plain names
check "no snprintf() truncates text unnoticed" unheard $sources
tap_done
