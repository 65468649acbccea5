#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034 # set by the helper, or for it
# Each report format, as those read it that it is for, of a run with everything in it that a format has to clean.
load helper

setup() {
	setup_tree
	unset GITHUB_STEP_SUMMARY GITHUB_ACTIONS
	command -v python3 >/dev/null || skip "no python3"
	data=$top_srcdir/tests/data/report
	gover=$top_builddir/gover
	cd "$BATS_TEST_TMPDIR" || return
	python3 "$data/odd.py" >odd.json
}

# as FORMAT: the report in that format, in odd.FORMAT.
as() {
	expect 0 "$gover" report convert odd.json --report "$1=odd.$1"
}

check() {
	expect 0 python3 "$data/check.py" "$@"
}

need_jsonschema() {
	python3 -c 'import jsonschema' 2>/dev/null || skip "no jsonschema for python3"
}

@test "JSON: the schema that is shipped, and no member that it does not name" {
	need_jsonschema
	expect 0 "$gover" report convert odd.json --report json=again.json
	check schema "$top_srcdir/data/report.schema.json" again.json
	check members again.json "$top_srcdir/data/report.schema.json"
	expect 0 "$gover" report convert again.json --report json=third.json
	cmp again.json third.json
}

@test "NDJSON: each line is JSON" {
	command -v jq >/dev/null || skip "no jq"
	as ndjson
	[ "$(jq -r .event odd.ndjson | sort | uniq -c | tr -s ' \n' ' ')" = ' 6 cell 1 run 1 summary ' ]
}

@test "JUnit: the published schema" {
	command -v xmllint >/dev/null || skip "no xmllint"
	as junit
	expect 0 xmllint --noout --schema "$data/junit-10.xsd" odd.junit
	[ "$(xmllint --xpath 'count(//failure)' odd.junit)" = "$(xmllint --xpath 'string(/testsuites/@failures)' odd.junit)" ]
	[ "$(xmllint --xpath 'count(//testcase)' odd.junit)" = "$(xmllint --xpath 'string(/testsuites/@tests)' odd.junit)" ]
}

@test "TAP: prove reads it, and sees failures" {
	command -v prove >/dev/null || skip "no prove"
	as tap
	expect 1 prove -e cat odd.tap
	says 'Failed 6/11 subtests' '(less 2 skipped subtests: 3 okay)' 'Failed tests:  1-3, 5, 9-10'
	says_not 'Parse errors' 'Bailout' 'Bad plan'
}

@test "GitLab: code quality and sections" {
	as codequality
	check codequality odd.codequality
	as gitlab
	check gitlab odd.gitlab
}

@test "GitHub: no line of the project is a command, and no annotation is there twice" {
	as github
	check github odd.github
}

@test "Markdown: no mark-up of the project" {
	as markdown
	expect 1 grep -F '<script' odd.markdown
	# In <pre> only tags count.
	sed -i '/^<pre>$/,/^<\/pre>$/d' odd.markdown
	expect 1 grep -E '@user|\[a\]\(b\)|`code`' odd.markdown
	[ "$(grep -c '<details>' odd.markdown)" = "$(grep -c '</details>' odd.markdown)" ]
}

@test "every text of a report hostile: the readers still read it, and no line is a command" {
	command -v xmllint >/dev/null && command -v prove >/dev/null || skip "no xmllint or no prove"
	python3 "$data/hostile.py" <odd.json >hostile.json
	mv hostile.json odd.json
	for format in json ndjson junit tap markdown github gitlab codequality sarif badge; do
		expect 0 "$gover" report convert odd.json --report "$format"
		printf '%s\n' "$output" >"odd.$format"
		[ $format = github ] || expect 1 grep -P '^\s*::|##\[|##vso\[' "odd.$format"
		[ $format = gitlab ] || LC_ALL=C.UTF-8 expect 1 grep -P '[\x{80}-\x{9f}\x{202e}\x{2028}\x1b\r]' "odd.$format"
	done
	expect 0 xmllint --noout --schema "$data/junit-10.xsd" odd.junit
	run prove -e cat odd.tap
	says '/12 subtests'
	says_not 'Parse errors' 'Bailout' 'Bad plan' 'TODO passed'
	check codequality odd.codequality
	check github odd.github
	check gitlab odd.gitlab
	expect 0 python3 -m json.tool odd.sarif
	sed -i '/^<pre>$/,/^<\/pre>$/d' odd.markdown
	expect 1 grep -E '@user|<script|\]\(|`b`' odd.markdown
}

@test "each report has the deciding line, the place, the hint and the command that repeats a cell" {
	printf '%s' '{"schema":1,"module":"example.com/m","cells":[{"id":"go1.20.14","version":"1.20.14","verdict":"incompatible",' \
		'"class":"std-package-missing","phases":[{"phase":"test","outcome":"fail","class":"std-package-missing",' \
		'"line":"DECIDES","hint":"HINTS","diagnostics":[{"file":"place.go","line":42,"col":1,"message":"TELLS"}]}]}]}' >odd.json
	for format in json ndjson junit tap markdown github gitlab codequality sarif; do
		as "$format"
		output=$(sed 's/&#[0-9]*;/X/g' "odd.$format")
		says HINTS place.go 42
		case $format in
		codequality | sarif) says TELLS ;; # a problem is one of several versions
		github) says 'DECIDES' 'TELLS' ;;
		*) says DECIDES 'gover validate 1.20.14' ;;
		esac
	done
}

@test "a report that cannot be written does not keep the others from it" {
	mkdir -p "$GOVER_ROOT/sdks/go1.22.3/bin" project && cd project
	printf 'module example.com/m\n\ngo 1.20\n' >go.mod
	printf '#!/bin/sh\ncase $1 in version) echo "go version go1.22.3 linux/amd64" ;; test) echo "ok  	example.com/m	0.01s" ;; esac\n' \
		>"$GOVER_ROOT/sdks/go1.22.3/bin/go"
	chmod +x "$GOVER_ROOT/sdks/go1.22.3/bin/go"
	run "$gover" validate --engine host 1.22.3 --report junit=no/dir/x.xml --report json=r.json
	[ "$status" -ne 0 ] && [ -e r.json ]
	says "no/dir/x.xml"
	GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=no/summary expect 0 "$gover" validate --engine host 1.22.3
	says "warning: cannot open 'no/summary'"
	GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=$PWD/summary expect 0 "$gover" validate --engine host 1.22.3
	grep -q '^### gover validate example.com/m' summary
	rm summary
	GITHUB_STEP_SUMMARY=$PWD/summary expect 0 "$gover" validate --engine host 1.22.3
	[ ! -e summary ]
}

@test "an annotation of a failed test names the test" {
	printf '%s' '{"schema":1,"module":"example.com/m","cells":[{"version":"1.22.3","verdict":"incompatible","class":"test","phases":[' \
		'{"phase":"test","outcome":"fail","class":"test","line":"--- FAIL: TestX/sub (0.00s)","diagnostics":[' \
		'{"file":"a_test.go","line":4,"message":"got 3"}]}]}]}' >odd.json
	as github
	grep -qx '::error file=a_test.go,line=4,title=test::TestX/sub: got 3 (on Go 1.22.3)' odd.github
}
