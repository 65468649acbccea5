#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: corpus.sh GOVER ENGINE ID,ID... VERSION...
# Runs `gover validate` on published modules and compares each phase of each cell with the result of that Go when it was
# run directly (tests/data/compat). ID "all" and VERSION "all" mean everything there. ENGINE is bwrap, docker or podman;
# an engine with a daemon is started (engine.sh), unless DOCKER_HOST names it.
set -eu
# shellcheck source=tests/real/begin.sh
. "$(dirname "$0")/begin.sh"

gover=$1 engine=$2 ids=$3
shift 3
data=$top/tests/data/compat

# column N FILE: the distinct values of a column, in order.
column()
{
	awk -F'\t' -v n="$1" 'NR > 1 && !seen[$n]++ { print $n }' "$2"
}

[ "$ids" != all ] || ids=$(column 1 "$data/corpus.tsv" | paste -sd , -)
[ "$*" != all ] || {
	# shellcheck disable=SC2046 # words
	set -- $(column 4 "$data/truth.tsv")
}
for newest in "$@"; do :; done

# field ID N: a field of the corpus.
field()
{
	awk -F'\t' -v id="$1" -v n="$2" '$1 == id { print $n }' "$data/corpus.tsv"
}

go_mod()
{
	GOFLAGS=-modcacherw GOTOOLCHAIN=local "$gover" exec "$newest" go mod "$@"
}

# lay_out ID: make the project in $work/ID.
lay_out()
{
	recipe=$(field "$1" 4)
	source=$(cd / && go_mod download -json "$(field "$1" 2)@$(field "$1" 3)" | jq -r .Dir)
	[ -d "$source" ] || return
	cp -R "$source" "$work/$1"
	chmod -R u+w "$work/$1"
	case $recipe in
	rm=*) rm -r "${work:?}/$1/${recipe#rm=}" ;;
	edit=*) (cd "$work/$1" && go_mod edit "${recipe#edit=}") ;;
	esac
}

# validate ID VERSION...: append the report's phases to $work/ID.got, as lines "VERSION PHASE OUTCOME CLASS".
validate()
{
	id=$1 env=$(field "$1" 5)
	shift
	env=${env%NOCC}
	env=${env% }
	set -- "$@" --engine "$engine" --report "json=$work/$id.json"
	[ "$env" = - ] || set -- "$@" --env "$env"
	status=0
	(cd "$work/$id" && "$gover" validate "$@") >"$work/$id.log" 2>&1 || status=$?
	[ "$status" -le 1 ] || cat "$work/$id.log"
	jq -r '.cells[] | . as $c | .phases[] | [$c.version, .phase, .outcome, if .class == "" then "-" else .class end] | join(" ")' \
		"$work/$id.json" >>"$work/$id.got"
}

# differs ID VERSION: print phases with another outcome or class than the known one. The last result counts.
differs()
{
	awk -v id="$1" -v version="$2" '
		FNR == NR { if ($1 == version) got[$2] = $3 " " $4; next }
		$1 == id && $4 == version {
			want = $6 " " $8
			if (got[$5] != want)
				print $5 ": " (got[$5] == "" ? "nothing" : got[$5]) ", but it is " want
		}' "$work/$1.got" FS='\t' "$data/truth.tsv"
}

# again ID VERSION: try a cell once more that is unexpectedly flaky, because published tests also fail at random.
again()
{
	! grep -q "^$2 test[a-z-]* flaky " "$work/$1.got" || [ -z "$(differs "$1" "$2")" ] || validate "$1" "$2" >"$work/$1.again" || cat "$work/$1.again"
}

need_engine "the corpus on $engine"
for id in $(echo "$ids" | tr , ' '); do
	run "$engine $id: the project is there" lay_out "$id"
	[ "$tap_status" -eq 0 ] || continue
	(cd "$work/$id" && find . -type f -exec cksum {} + | sort) >"$work/before"
	run "$engine $id: validated" validate "$id" "$@"
	[ "$tap_status" -eq 0 ] || continue
	(cd "$work/$id" && find . -type f -exec cksum {} + | sort) >"$work/after"
	run "$engine $id: the checkout is unchanged" cmp "$work/before" "$work/after"
	for version in "$@"; do
		again "$id" "$version"
		check "$engine $id on $version" differs "$id" "$version"
	done
done
tap_done
