#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2034 # set by the helpers, or for them
# SIGKILL, a full disk and I/O errors at every change of the file system that gover-core makes: the store holds the whole SDK
# or nothing, and the next run succeeds. FAULT_STEP=1 tries all points, otherwise a sample.
load helper
load dist

bats_require_minimum_version 1.5.0

setup_file() {
	make_dist 1.22.3
	# A file larger than a batch of the unpacker, and so more than one write.
	python3 "$top_srcdir/tests/fake/dist.py" fake "$DIST" --size 700000 1.22.4
	make_log
}

setup() {
	failio=$top_builddir/tests/fake/failio.so
	[ -e "$failio" ] || skip "failio was not built"
	! nm -D "$top_builddir/gover-core" 2>/dev/null | grep -q __asan || skip "the sanitizer wants to be the first library"
	setup_install
	core=$tree/libexec/gover/gover-core
	# Where syncing is quick: hundreds of installs.
	if [ -d /dev/shm ] && [ -w /dev/shm ]; then
		GOVER_ROOT=$(mktemp -d /dev/shm/gover-test.XXXXXX)
		sdks=$GOVER_ROOT/sdks
	fi
}

teardown() {
	stop_servers
	[[ ${GOVER_ROOT-} != /dev/shm/* ]] || rm -rf "$GOVER_ROOT"
}

# How many points COMMAND... has.
points() {
	rm -f "$T/calls"
	FAILIO_LOG=$T/calls LD_PRELOAD=$failio "$@" >/dev/null 2>&1
	wc -l <"$T/calls"
}

# at ACTION N COMMAND...: sets status and output.
at() {
	run env FAILIO="$1:$2" LD_PRELOAD="$failio" "${@:3}"
}

# What there is, is whole.
not_half() {
	[ ! -e "$sdks/go1.22.4" ] || whole 1.22.4 >/dev/null
}

repaired() {
	run "$core" -q install 1.22.4
	[ "$status" -eq 0 ] && whole 1.22.4 >/dev/null && store_is_clean
}

wrong() {
	echo "$1 at call $2 ($(sed -n "${2}p" "$T/calls")): status $status"
	echo "$output"
	return 1
}

# each_point ACTION: an install from nothing.
each_point() {
	local n total
	rm -rf "${GOVER_ROOT:?}"/*
	total=$(points "$core" -q install 1.22.4)
	[ "$total" -gt 60 ]
	for ((n = 1; n <= total; n += ${FAULT_STEP:-13})); do
		rm -rf "${GOVER_ROOT:?}"/*
		at "$1" "$n" "$core" -q install 1.22.4
		case $1 in
		kill) [ "$status" -eq 137 ] || [ "$status" -eq 0 ] || wrong "$1" "$n" ;;
		*) [ "$status" -eq 0 ] || [ "$status" -eq 1 ] || wrong "$1" "$n" ;;
		esac
		not_half || wrong "$1, not whole," "$n"
		if [ "$status" -eq 1 ]; then
			[[ $output == *"No space left"* || $output == *"Input/output error"* ]] || wrong "$1, message," "$n"
		fi
		repaired || wrong "next run after $1" "$n"
	done
}

@test "SIGKILL in an install" {
	each_point kill
}

@test "a disk that is full from some point on" {
	each_point enospc
}

@test "an I/O error" {
	each_point eio
}

@test "a full disk says how to go on, and leaves nothing" {
	local total
	mkdir -p "$GOVER_ROOT"
	total=$(points "$core" -q install 1.22.4)
	rm -rf "${GOVER_ROOT:?}"/*
	at enospc "$((total / 2))" "$core" -q install 1.22.4
	[ "$status" -eq 1 ]
	says "No space left on device" "make room below '$GOVER_ROOT'"
	nothing_installed
}

@test "SIGKILL while an SDK is replaced: there always is one" {
	local n total
	"$core" -q install 1.22.4
	total=$(points "$core" -q install --force 1.22.4)
	for ((n = 1; n <= total; n += ${FAULT_STEP:-17})); do
		at kill "$n" "$core" -q install --force 1.22.4
		whole 1.22.4 >/dev/null || wrong "kill" "$n"
	done
	repaired
	run "$core" -q install --force 1.22.4
	store_is_clean
}

@test "SIGKILL in an uninstall" {
	local n total
	"$core" -q install 1.22.4
	total=$(points "$core" -q uninstall 1.22.4)
	for ((n = 1; n <= total; n += ${FAULT_STEP:-5})); do
		"$core" -q install 1.22.4
		at kill "$n" "$core" -q uninstall 1.22.4
		not_half || wrong "kill" "$n"
		run "$core" -q install --force 1.22.3
		store_is_clean || wrong "after a kill" "$n"
	done
}

@test "killed in mid-download: a shim installs it" {
	serve --stall-after 20000 --times 1
	GOPROXY=$url "$core" -q install 1.22.4 2>"$T/log" 3>&- &
	local pid=$! part=$GOVER_ROOT/downloads/go1.22.4.linux-amd64.zip.part
	wait_until at_least 20000 "$part"
	kill -KILL "$pid"
	wait "$pid" || true
	expect 0 "$gover" list
	says_not 1.22.4
	GOVER_VERSION=1.22.4 expect 0 "$GOVER_ROOT/shims/go" version
	says "go version go1.22.4 linux/amd64"
	store_is_clean
}

@test "a tmpfs that is too small" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	mkdir "$T/small"
	mount -t tmpfs -o size=400k tmpfs "$T/small" 2>/dev/null || skip "cannot mount"
	export GOVER_ROOT=$T/small
	sdks=$GOVER_ROOT/sdks
	run "$core" -q install 1.22.4
	local left
	left=$(find "$GOVER_ROOT/sdks" "$GOVER_ROOT/staging" "$GOVER_ROOT/downloads" "$GOVER_ROOT/manifests" -type f)
	mount -o remount,size=8m "$T/small"
	"$core" -q install 1.22.4
	whole 1.22.4
	store_is_clean
	umount "$T/small"
	[ "$status" -eq 1 ]
	[ -z "$left" ]
	says "No space left on device" "make room below"
}
