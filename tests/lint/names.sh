#!/bin/sh
# SPDX-License-Identifier: MIT
# One name, one thing: the sources define each tag, enumerator, typedef and macro once, and another file uses each
# symbol that a file exports.
set -eu
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

cd "$top"
sources=$(find src shims -name '*.[ch]' | sort)
headers=$(find src shims -name '*.h' | sort)
objects=${top_builddir:-.}

# Print "NAME FILE:LINE" of each definition. In C each kind has its own name space; for us all kinds share one.
definitions()
{
	awk '
		FNR == 1 { body = 0; comment = 0 }
		comment { comment = !/\*\//; next }
		/^[ \t]*\/\*/ && !/\*\// { comment = 1; next }
		/^[ \t]*#[ \t]*define[ \t]/ {
			name = $0
			sub(/^[ \t]*#[ \t]*define[ \t]+/, "", name)
			sub(/[^A-Za-z0-9_].*/, "", name)
			if (name != "_GNU_SOURCE")
				print "macro " name, FILENAME ":" FNR
			next
		}
		/^(struct|enum|union) [a-z_0-9]+ *\{/ || /^static (const )?(struct|enum|union) [a-z_0-9]+ *\{/ {
			name = $0
			sub(/^(static )?(const )?(struct|enum|union) /, "", name)
			sub(/[^A-Za-z0-9_].*/, "", name)
			print "tag " name, FILENAME ":" FNR
		}
		/^typedef .*[a-z_0-9]+;/ {
			name = $0
			sub(/;.*/, "", name)
			sub(/.*[^A-Za-z0-9_]/, "", name)
			print "typedef " name, FILENAME ":" FNR
		}
		/^enum [a-z_0-9 ]*\{/ { body = 1 }
		body {
			line = $0
			gsub(/\/\*[^*]*\*\//, "", line)
			sub(/^enum [a-z_0-9 ]*\{/, "", line)
			n = split(line, part, ",")
			for (i = 1; i <= n; i++)
				if (match(part[i], /^[ \t]*[A-Z][A-Z0-9_]*[ \t]*(=.*|\}.*)?$/)) {
					name = part[i]
					gsub(/^[ \t]+/, "", name)
					sub(/[^A-Za-z0-9_].*/, "", name)
					print "enumerator " name, FILENAME ":" FNR
				}
			if (/\}/)
				body = 0
		}' "$@"
}

# Names that only .c files define are private: two files may each have a "struct line". A macro that its file undefines
# again (to read the rows of a table) is private too.
twice()
{
	definitions "$@" | while read -r kind name where; do
		[ "$kind" = macro ] && grep -qE "^[[:space:]]*#[[:space:]]*undef $name\$" "${where%:*}" || echo "$kind $name $where"
	done | sort | awk '
		{ name = $1 " " $2; file = $3; sub(/:.*/, "", file) }
		name != last { where = $3; first = file; public = 0 }
		{ public = public || file ~ /\.h$/ }
		name == last && file != first && public { print name ": " where " and " $3 }
		{ last = name }'
}

# Print "FILE.c: name type ..." for every symbol of our objects; base sources have two objects. Skips objects without a
# source.
symbols()
{
	(cd "$objects" && find src shims -name '*.o' | sort) | while read -r object; do
		source=${object%.o}
		source=${source%.base}.c
		[ ! -e "$source" ] || nm -P "$objects/$object" | sed "s|^|$source |"
	done
}

# Print functions that the comment above marks as for tests.
for_tests()
{
	awk '
		FNR == 1 { said = 0 }
		/\/\*/ { said = 0 }
		/[Ff]or tests/ { said = 1 }
		/^[ \t]*$/ { said = 0 }
		said && /^[a-z]/ { sub(/[[(;].*/, ""); sub(/.*[^a-z0-9_]/, ""); print }' "$@"
}

# Print symbols that a file exports and no other file uses.
idle()
{
	{
		for_tests "$@" | sed 's/.*/tests & U/'
		symbols
	} | awk '
		$2 ~ /^_/ || $2 == "main" { next }
		$3 == "U" { if (!(($1, $2) in seen)) { seen[$1, $2] = 1; used[$2] = used[$2] " " $1 } }
		$3 ~ /^[TDBRCGS]$/ { home[$2] = $1 }
		END {
			for (name in home)
				if (used[name] == "")
					print home[name] ": " name
		}' | sort
}

# shellcheck disable=SC2086 # lists of plain names
check "no two definitions of a header share a name: tags, enumerators, typedefs and macros" twice $sources
if command -v nm >/dev/null && [ -n "$(find "$objects/src" -name '*.o' 2>/dev/null | head -n 1)" ]; then
	# shellcheck disable=SC2086 # lists of plain names
	check "what a file exports is used by another one" idle $headers
else
	echo "# no objects or no nm: exports are not checked"
fi
tap_done
