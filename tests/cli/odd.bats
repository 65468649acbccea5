#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034 # set by the helper, or for it
# In an unusual environment, the same Go runs, or the message is clear.
load helper

setup() {
	setup_tree
	sdk 1.21.6 1.22.3
	"$gover" list >/dev/null
}

modes() {
	(cd "$GOVER_ROOT" && find . -printf '%y %m %f\n' | sort)
}

@test "gover's files have the same modes under any umask" {
	for mask in 000 022 077; do
		rm -rf "$GOVER_ROOT"
		(
			umask $mask
			"$gover" default 1.22.3
			"$gover" use --pid $$ --no-install 1.22.3 || true
			"$gover" config set verify log
			"$gover" list
		) >/dev/null 2>&1
		modes >"$T/modes.$mask"
	done
	diff "$T/modes.000" "$T/modes.022"
	diff "$T/modes.077" "$T/modes.022"
	run ! grep -E '^[df] .?.[2367]' "$T/modes.022"
}

@test "invisible characters are shown escaped" {
	printf '\302\2401.22.3\n' >.go-version
	expect 126 "$shims/go" version
	says '.go-version:1' '\xc2\xa01.22.3'
	printf '1.22\342\200\213.3\n' >.go-version
	expect 126 "$shims/go" version
	says '.go-version:1' '1.22\xe2\x80\x8b.3'
}

@test "a missing version comes with the command that installs it" {
	echo 1.20.5 >.go-version
	expect 3 "$gover" which
	says 'go1.20.5 is not installed' 'help: gover install 1.20.5'
	expect 3 "$gover" current
	says 'help: gover install 1.20.5'
}

@test "a toolchain line that is no version does not offer words and ranges" {
	printf 'module m\n\ngo 1.21\ntoolchain go1.22d\n' >go.mod
	expect 2 "$gover" which
	says "go.mod:4: malformed toolchain line: '1.22d'"
	says_not latest
}

@test "-C with a path through a link means that path, absolute or not" {
	mkdir -p real/p linked
	echo 1.21.6 >real/.go-version
	echo 1.22.3 >linked/.go-version
	ln -s "$proj/real/p" linked/p
	for dir in linked/p "$proj/linked/p"; do
		expect 0 "$gover" -C "$dir" current
		says "1.22.3 (set by $proj/linked/.go-version:1)"
	done
	expect 0 "$gover" -C linked/../real/p current
	says "1.21.6"
	cd linked/p
	expect 0 "$gover" -C . current
	says "1.22.3"
}

@test "when an SDK cannot run, the help says how to repair it" {
	chmod -x "$GOVER_ROOT/sdks/go1.22.3/bin/go"
	GOVER_VERSION=1.22.3 expect 126 "$shims/go" version
	says "cannot run '$GOVER_ROOT/sdks/go1.22.3/bin/go'" "gover install --force 1.22.3"
}

@test "a store path with a colon is refused only by commands that set PATH" {
	mv "$GOVER_ROOT" "$T/a:b"
	export GOVER_ROOT=$T/a:b
	GOVER_VERSION=1.22.3 expect 0 "$GOVER_ROOT/shims/go" version
	says go1.22.3
	expect 2 "$gover" exec 1.22.3 -- go version
	says colon
	expect 2 "$gover" env 1.22.3
}

@test "when the store is not writable, the help says what still works" {
	cp "${top_builddir:?}/gover-core" "$tree/libexec/gover/gover-core"
	"$gover" uninstall 1.9.9 || :
	mkdir -p "$GOVER_ROOT"/{locks,pins}
	chmod a-w "$GOVER_ROOT"/{locks,pins}
	expect 1 unprivileged "$gover" install 1.20.1
	says "$GOVER_ROOT/locks" "installed versions still run"
	expect 1 unprivileged bash -c 'gover use 1.22.3; exit $?'
	says "$GOVER_ROOT/pins" "set GOVER_VERSION=1.22.3 instead"
	GOVER_VERSION=1.22.3 expect 0 unprivileged "$shims/go" version
	chmod u+w "$GOVER_ROOT"/{locks,pins}
}
