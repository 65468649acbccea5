#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034 # set by the helper, or for it
# gover pin.
load helper

setup() {
	setup_tree
	sdk 1.21.6 1.22.3
}

@test "it writes .go-version and says so" {
	expect 0 gover pin go1.22.3
	says "wrote '$proj/.go-version': 1.22.3"
	[ "$(cat .go-version)" = 1.22.3 ]
	expect 0 go version
	[ "$output" = "go version go1.22.3 linux/amd64" ]
}

@test "several versions: the first selects" {
	expect 0 gover pin 1.21 latest 1.20.x
	[ "$(cat .go-version)" = $'1.21\nlatest\n1.20.x' ]
	expect 0 go version
	says go1.21.6
}

@test "malformed: 2, and the file stays as it was" {
	expect 2 gover pin
	echo keep >.go-version
	expect 2 gover pin 1.22.3 1.22d
	expect 2 gover pin '^1.21'
	[ "$(cat .go-version)" = keep ]
}

@test "a new file follows the umask, an old one keeps its mode, a link stays a link" {
	(umask 027 && gover -q pin 1.21.6)
	[ "$(stat -c %a .go-version)" = 640 ]
	chmod 664 .go-version
	gover -q pin 1.22.3
	[ "$(stat -c %a .go-version)" = 664 ]
	mv .go-version real
	ln -s real .go-version
	gover -q pin 1.21.6
	[ -L .go-version ]
	[ "$(cat real)" = 1.21.6 ]
}

@test "a warning names what overrides the file" {
	expect 0 env GOVER_VERSION=1.22.3 gover pin 1.21.6
	says "warning: GOVER_VERSION overrides the file: '1.22.3' stays selected"
	system_go 1.20.14
	expect 0 env GOVER_VERSION=system gover pin 1.21.6
	says "'system' stays selected"
	expect 0 gover pin 1.21.6
	says_not warning
}

@test "a deleted working directory is an error" {
	mkdir gone
	cd gone
	rmdir "$proj/gone"
	expect 1 gover pin 1.21.6
}
