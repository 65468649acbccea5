#!/bin/sh
# SPDX-License-Identifier: MIT
# A file includes its own directory or one further left (HACKING.md, "Layers"); base programs see the base
# library only; each foreign header has one layer; nothing but the agent and engines sees the kernel's headers.
set -eu
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

base="util version resolve ui"
core="json net index fetch verify archive store tools engine debug validate report"

# Directories that a file of directory $1 may include.
allowed()
{
	case $1 in
	gover) echo "$base shims gover" ;; # its entry as a shim
	agent | shims) echo "$base $1" ;;
	core) echo "$base $core core" ;;
	*)
		left=
		for layer in $base $core; do
			left="$left $layer"
			[ "$layer" != "$1" ] || break
		done
		echo "$left"
		;;
	esac
}

# Every include of directory $1 that goes to the right.
outward()
{
	name=${1##*/}
	may=" $(allowed "$name") "
	find "$1" -name '*.[ch]' -exec grep -nHE '^[[:space:]]*#[[:space:]]*include "[a-z]+/' {} + |
		sed -E 's/^([^:]*:[0-9]*):.*include "([a-z]+)\/.*/\1 \2/' |
		while read -r where layer; do
			case $may in
			*" $layer "*) ;;
			*) echo "$where: '$name' must not include '$layer'" ;;
			esac
		done
}

# Includes of a header (REGEX) outside of the directories of src/ that may have it.
strays()
{
	regex=$1
	shift
	only=$(printf '|src/%s/' "$@")
	grep -rnE "#[[:space:]]*include <($regex)" src shims --include='*.[ch]' | grep -vE "^(${only#|})"
}

cd "$top"
for dir in src/* shims; do
	check "$dir includes only itself and what is left of it" outward "$dir"
done
check "curl is for net" strays 'curl/' net
check "libarchive, zlib and ISA-L are for archive" strays 'archive(_entry)?\.h|zlib\.h|isa-l' archive
check "libsodium and libcrypto are for verify" strays 'sodium(\.h|/)|openssl/' verify
check "jansson is for json" strays 'jansson' json
check "libxml2 is for report" strays 'libxml/' report
check "PCRE2 is for validate" strays 'pcre2' validate
check "libelf is for debug" strays 'gelf\.h|libelf|elfutils/' debug
check "linux/ is for engine and agent" strays 'linux/' engine agent
tap_done
