#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034 # set by the helper, or for it
# gover list.
load helper

setup() {
	setup_tree
}

@test "nothing installed: nothing on stdout, a hint, 0" {
	expect 0 gover list
	says "no Go version is installed"
	[ -z "$(gover list 2>/dev/null)" ]
	[ "$(gover list --json)" = '{"versions":[]}' ]
}

@test "newest first, with the selected and the default marked" {
	sdk 1.9.7 1.22.3 1.21.6 1.23rc1 1.22.12
	gover -q default 1.22
	echo 1.21.6 >.go-version
	expect 0 gover list
	[ "$output" = "  1.23rc1
  1.22.12  default
  1.22.3
* 1.21.6   selected
  1.9.7" ]
	expect 0 gover list --json
	command -v jq >/dev/null || skip "jq not found"
	[ "$(jq -r '.versions | map(select(.selected)) | .[0].path' <<<"$output")" = "$GOVER_ROOT/sdks/go1.21.6" ]
	[ "$(jq -r '.versions | map(select(.default)) | .[0].version' <<<"$output")" = 1.22.12 ]
}

@test "half an SDK and foreign names are not listed" {
	sdk 1.22.3
	mkdir -p "$GOVER_ROOT/sdks/go1.21.6/bin" "$GOVER_ROOT/sdks/junk/bin" "$GOVER_ROOT/sdks/go1.x/bin"
	touch "$GOVER_ROOT/sdks/junk/bin/go" "$GOVER_ROOT/sdks/go1.x/bin/go"
	expect 0 gover list
	[ "$output" = "  1.22.3" ]
}

@test "other platforms with --all" {
	sdk 1.22.3
	cp -R "$GOVER_ROOT/sdks/go1.22.3" "$GOVER_ROOT/sdks/go1.22.3.plan9-mips"
	expect 0 gover list
	[ "$output" = "  1.22.3" ]
	expect 0 gover list --all
	[ "$output" = $'  1.22.3\n  1.22.3 plan9-mips  unproven' ]
}

@test "a malformed .go-version does not hide what is installed" {
	sdk 1.22.3
	echo nonsense >.go-version
	expect 0 gover list
	says "$proj/.go-version:1" "  1.22.3"
}

@test "only what the log vouches for is listed as proven" {
	sdk 1.22.3 1.21.6 1.20.4 1.19.1
	manifest 1.21.6 none
	manifest 1.20.4 "file /home/me/a project/gover.sum 3"
	rm "$GOVER_ROOT/manifests/go1.19.1"
	expect 0 gover list
	[ "$output" = "  1.22.3
  1.21.6  unlogged
  1.20.4  unconfirmed
  1.19.1  unproven" ]
	[ "$(gover list --json | grep -o '"version":"[^"]*"\|"proof":[^,}]*' | paste -sd' ')" = "$(
		echo '"version":"1.22.3" "proof":"log" "version":"1.21.6" "proof":"unlogged"' \
			'"version":"1.20.4" "proof":"file" "version":"1.19.1" "proof":"unproven"')" ]
	expect 0 gover list --remote
	grep -Eq '^  1\.19\.1 +2[0-9-]+ +installed, unproven, end of life$' <<<"$output"
	# A version that is not installed has no proof.
	gover list --remote --json | grep -q '"installed":false,"path":null,[^}]*"proof":null'
}

@test "a store without manifests, as a cache may restore it, has nothing proven" {
	sdk 1.22.3 1.21.6
	rm -r "$GOVER_ROOT/manifests"
	expect 0 gover list
	[ "$output" = "  1.22.3  unproven
  1.21.6  unproven" ]
}

# unproven_by COMMAND: write a good manifest $m and run COMMAND on it. `gover list` must then warn about $m and show its
# SDK as unproven.
unproven_by() {
	rm -rf "$m"
	manifest 1.22.3 "log sum.golang.org 1 2"
	eval "$1"
	expect 0 gover list
	says "warning: " "'$m'"
	line_is "  1.22.3  unproven"
	[ "$(gover list --json 2>/dev/null | grep -o '"proof":[^,}]*')" = '"proof":"unproven"' ]
}

@test "a manifest that is damaged, of a newer gover or of another SDK proves nothing" {
	local edit
	m=$GOVER_ROOT/manifests/go1.22.3
	sdk 1.22.3
	for edit in 's/^gover-manifest 1/gover-manifest 2/' 's/^version .*/version 1.22.4/' 's/^platform .*/platform plan9-386/' \
		/^source/d /^h1/d /^proof/d 's/^proof .*/proof maybe/' 's/^proof .*/proof log/' \
		's/^proof .*/proof log sum.golang.org 1/' 's/^proof .*/proof log 1 2/' '/^files/d'; do
		unproven_by "sed -i '$edit' '$m'" || { echo "$edit"; return 1; }
	done
	unproven_by ': >"$m"'
	unproven_by 'printf "gover-manifest 1\nproof log sum.golang.org 1 2\n" >"$m"'
	unproven_by 'truncate -s -2 "$m"'
	unproven_by 'rm "$m"; mkdir "$m"'
	says "cannot read '$m': Is a directory"
}

@test "a manifest that may not be read proves nothing" {
	sdk 1.22.3
	chmod 0 "$GOVER_ROOT/manifests/go1.22.3"
	expect 0 unprivileged gover list
	says "warning: cannot read '$GOVER_ROOT/manifests/go1.22.3': Permission denied"
	line_is "  1.22.3  unproven"
}

@test "--remote works offline, warns of the list's age, marks each release" {
	sdk 1.22.3 1.99.1
	expect 0 gover list --remote
	says "the list of releases is the built-in one of"
	grep -qx '__refresh' "$core_log"
	grep -Eq '^  1\.99\.1 +- +installed$' <<<"$output"
	grep -Eq '^  1\.22\.3 +2024-05-07 +installed, end of life$' <<<"$output"
	grep -Eq '^  1\.22\.12 +2025-[0-9-]+ +end of life$' <<<"$output"
	grep -Eq 'newest, supported$' <<<"$output"
	[ "$(grep -c newest <<<"$output")" -eq 1 ]
	[ -z "$(grep -E "^  1\.22\.4 " <<<"$output")" ]
	expect 0 gover list --remote --all
	grep -Eq '^  1\.22\.4 +2024-06-04 +end of life$' <<<"$output"
	grep -Eq '^  1\.23rc1 .* rc$' <<<"$output"
	grep -Eq '^  1\.21\.0 ' <<<"$output"
	expect 0 gover list --remote --json
	says '"source":"built-in"' '"end_of_life":true' '"newest":true'
}

@test "a fresh index is read and not fetched again" {
	mkdir -p "$GOVER_ROOT/index"
	printf 'gover-index 1\t%s\ttest\n1.98.0\t2030-01-01\tstable\n1.99rc1\t2030-02-01\trc\n' "$(date +%s)" \
		>"$GOVER_ROOT/index/releases"
	expect 0 gover list --remote
	says_not "list of releases"
	[ ! -e "$core_log" ]
	grep -Eq '^  1\.99rc1 +2030-02-01 +rc$' <<<"$output"
	grep -Eq '^  1\.98\.0 +2030-01-01 +newest, supported$' <<<"$output"
}

@test "an old index is refreshed; when that fails, a warning gives its age" {
	mkdir -p "$GOVER_ROOT/index"
	printf 'gover-index 1\t%s\ttest\n1.98.0\t2030-01-01\tstable\n' "$(($(date +%s) - 3 * 86400))" \
		>"$GOVER_ROOT/index/releases"
	expect 0 gover list --remote
	says "the list of releases is 3 days old"
	fake_core "printf 'gover-index 1\t%s\ttest\n1.99.0\t2030-01-01\tstable\n' $(date +%s) >'$GOVER_ROOT/index/releases'"
	expect 0 gover list --remote
	says 1.99.0
	says_not "list of releases"
}

@test "commands repair links in the shims directory" {
	sdk 1.22.3
	gover list
	for name in go gofmt gopls dlv go1.22.3; do
		[ "$(readlink "$shims/$name")" = "$gover" ]
	done
	rm -r "$shims"
	gover current || :
	[ -x "$shims/go" ]
	ln -sf /nowhere "$shims/gofmt"
	rm -r "$GOVER_ROOT/sdks/go1.22.3"
	gover list
	[ "$(readlink "$shims/gofmt")" = "$gover" ]
	[ ! -L "$shims/go1.22.3" ]
	[ -z "$(find "$shims" -name '.tmp*')" ]
}

@test "a moved tree repairs its links, and finds its gover-core" {
	sdk 1.22.3
	gover list
	mv "$tree" "$T/moved"
	run "$shims/go" version
	[ "$status" -ne 0 ]
	expect 0 "$T/moved/bin/gover" list
	expect 0 "$shims/go" +1.22.3 version
	[ "$(readlink "$shims/go")" = "$T/moved/bin/gover" ]
	expect 1 "$T/moved/bin/gover" install 1.2.3
	grep -qx 'install 1.2.3' "$core_log"
}
