#!/bin/sh
# SPDX-License-Identifier: MIT
# A file may include its own room, a room further left in its wing, and any wing above (HACKING.md, "Layers"). Engines
# do not include one another. Base programs include only base. Each foreign header has one room. Only the agent and the
# engines include the kernel's headers.
set -eu
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

base="util version resolve ui shell cell"
sdk="json net verify fetch archive store trust tools"
lab="engine local docker kube project judge report validate debug"
engines="local docker kube"

# is_in WORD LIST
is_in()
{
	case " $2 " in
	*" $1 "*) ;;
	*) return 1 ;;
	esac
}

# up_to ROOM LIST: print the list up to the room; of several engines, only the room itself.
up_to()
{
	for room in $2; do
		if [ "$room" = "$1" ]; then
			echo "$room"
			return
		fi
		if ! is_in "$1" "$engines" || ! is_in "$room" "$engines"; then
			echo "$room"
		fi
	done
}

# Print the rooms that a file of directory $1 may include.
allowed()
{
	case $1 in
	src/base/*) up_to "${1##*/}" "$base" ;;
	src/sdk/*) echo "$base" && up_to "${1##*/}" "$sdk" ;;
	src/lab/*) echo "$base $sdk" && up_to "${1##*/}" "$lab" ;;
	src/core) echo "$base $sdk $lab core" ;;
	src/gover) echo "$base shims gover" ;; # its entry as a shim
	src/agent | shims) echo "$base ${1##*/}" ;;
	tests/unit/base) echo "$base tests" ;;
	tests/unit/sdk) echo "$base $sdk tests" ;;
	tests/unit/lab) echo "$base $sdk $lab tests" ;;
	esac
}

# Print each include of directory $1 that is not allowed.
outward()
{
	may=$(allowed "$1" | tr '\n' ' ')
	find "$1" -name '*.[ch]' -exec grep -HE '^[[:space:]]*#[[:space:]]*include "[a-z]+/' {} + |
		sed -E 's/^([^:]*):.*include "([^"]*)".*/\1 \2/' |
		while read -r file header; do
			is_in "${header%%/*}" "$may" || echo "$file: '$1' must not include '$header'"
		done
}

# Print directories that are in none of the lists.
strangers()
{
	for dir in src/base/* src/sdk/* src/lab/*; do
		case $dir in
		src/base/*) rooms=$base ;;
		src/sdk/*) rooms=$sdk ;;
		*) rooms=$lab ;;
		esac
		is_in "${dir##*/}" "$rooms" || echo "$dir"
	done
}

# Print includes of a header (REGEX) outside the directories of src/ that may include it.
strays()
{
	regex=$1
	shift
	only=$(printf '|src/%s/' "$@")
	grep -rnE "#[[:space:]]*include <($regex)" src shims --include='*.[ch]' | grep -vE "^(${only#|})"
}

cd "$top"
check "each room is in the list of its wing" strangers
for dir in src/base/* src/sdk/* src/lab/* src/gover src/core src/agent shims tests/unit/base tests/unit/sdk tests/unit/lab; do
	check "$dir includes only itself and rooms to its left" outward "$dir"
done
check "tests of base need no library" \
	grep -rnE '#[[:space:]]*include <(curl/|jansson|zlib|isa-l|archive|sodium|openssl/|libxml/|pcre2)' tests/unit/base
check "curl is for net" strays 'curl/' sdk/net
check "libarchive, zlib and ISA-L are for archive" strays 'archive(_entry)?\.h|zlib\.h|isa-l' sdk/archive
check "libsodium and libcrypto are for verify" strays 'sodium(\.h|/)|openssl/' sdk/verify
check "jansson is for json" strays 'jansson' sdk/json
check "libxml2 is for report" strays 'libxml/' lab/report
check "PCRE2 is for judge" strays 'pcre2' lab/judge
check "libelf is for debug" strays 'gelf\.h|libelf|elfutils/' lab/debug
check "linux/ is for engines and the agent" strays 'linux/' lab/engine lab/local lab/docker agent
tap_done
