#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: sarif.sh GOVER VERSION
# Checks our SARIF against the published schema. We may not ship the schema, so we take it from the tests of a published
# Go module.
set -eu
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

gover=$1 version=$2
data=$top/tests/data/report
module=github.com/securego/gosec/v2@v2.30.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset GOVER_VERSION GOVER_SESSION GOTOOLCHAIN GOROOT

find_schema()
{
	dir=$(cd / && GOFLAGS=-modcacherw GOTOOLCHAIN=local "$gover" exec "$version" go mod download -json "$module" | jq -r .Dir)
	schema=$dir/report/sarif/testdata/sarif-schema-2.1.0.json
	[ -f "$schema" ]
}

# as_sarif REPORT: print how it violates the schema.
as_sarif()
{
	"$gover" report convert "$1" --report "sarif=$work/report.sarif" >"$work/log" 2>&1 || [ "$?" -le 3 ] || cat "$work/log"
	python3 "$data/check.py" schema "$schema" "$work/report.sarif" 2>&1
}

# skip REASON: report one skipped test and exit.
skip()
{
	echo "ok 1 - SARIF # SKIP $1"
	echo 1..1
	exit
}

schema=
python3 -c 'import jsonschema' 2>/dev/null || skip "no jsonschema for python3"
find_schema || skip "the module $module cannot be fetched"
python3 "$data/odd.py" >"$work/odd.json"
check "SARIF of a report with everything in it conforms to the published schema" as_sarif "$work/odd.json"
printf '{"schema":1,"cells":[]}' >"$work/empty.json"
check "SARIF of an empty report, too" as_sarif "$work/empty.json"
tap_done
