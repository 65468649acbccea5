# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # status and output come from bats
# For the tests of bin/gover: an installed tree with a gover-core of our own, fake SDKs, a root of our own.
#
#	$gover         the program; $tree/libexec/gover/gover-core is a script that logs its arguments to $core_log
#	$GOVER_ROOT    the store; $shims its shims directory, first on PATH
#	$proj          an empty directory, the working directory

setup_tree() {
	T=$(cd "$BATS_TEST_TMPDIR" && pwd -P)
	tree=$T/tree
	gover=$tree/bin/gover
	core_log=$T/core.log
	proj=$T/proj
	home=$T/home
	mkdir -p "$tree/bin" "$tree/libexec/gover" "$proj" "$home" "$T/sys"
	cp "${top_builddir:?}/gover" "$gover"
	export HOME=$home GOVER_ROOT=$T/root PWD=$proj
	shims=$GOVER_ROOT/shims
	export PATH=$shims:$tree/bin:/usr/local/bin:/usr/bin:/bin
	fake_core 'exit 1'
	cd "$proj" || return 1
}

# A gover-core that logs its arguments and then runs CODE; "$@" are the arguments.
fake_core() {
	cat >"$tree/libexec/gover/gover-core" <<-CORE
		#!/bin/sh
		printf '%s\n' "\$*" >>'$core_log'
		$1
	CORE
	chmod +x "$tree/libexec/gover/gover-core"
}

# Take gover-core away. It is looked for last where gover was configured to be installed, and may be there.
without_core() {
	rm "$tree/libexec/gover/gover-core"
	[ ! -e "${gv_libexecdir:-/nowhere}/gover-core" ] || skip "gover is installed in $gv_libexecdir"
}

# A gover-core whose `install V` makes a fake SDK, and whose `__shim V TOOL ARG...` does so and runs it.
installing_core() {
	fake_core ". '${top_srcdir:?}/tests/cli/fake-sdk.sh'
		case \$1 in
		install) fake_sdk '$GOVER_ROOT/sdks' \"\$2\" ;;
		__shim) fake_sdk '$GOVER_ROOT/sdks' \"\$2\"
			sdk='$GOVER_ROOT'/sdks/go\$2 tool=\$3; shift 3
			exec \"\$sdk/bin/\$tool\" \"\$@\" ;;
		*) exit 1 ;;
		esac"
}

# sdk VERSION...: SDKs under GOVER_ROOT.
sdk() {
	# shellcheck source=tests/cli/fake-sdk.sh
	. "${top_srcdir:?}/tests/cli/fake-sdk.sh"
	for v in "$@"; do
		fake_sdk "$GOVER_ROOT/sdks" "$v"
	done
}

# system_go VERSION: one on PATH behind the shims, in $T/sys.
system_go() {
	sdk_dir=$T/sys-sdk
	# shellcheck source=tests/cli/fake-sdk.sh
	. "${top_srcdir:?}/tests/cli/fake-sdk.sh"
	fake_sdk "$sdk_dir" "$1"
	cp "$sdk_dir/go$1/bin/go" "$T/sys/go"
	PATH=$shims:$tree/bin:$T/sys:/usr/local/bin:/usr/bin:/bin
}

# A PATH on which there is no other go than ours.
no_system_go() {
	mkdir -p "$T/tools"
	for tool in sh env cat sleep mkdir ln rm chmod dirname printf grep; do
		ln -sf "$(command -v "$tool")" "$T/tools/$tool"
	done
	PATH=$shims:$tree/bin:$T/tools
}

# Before programs run in zsh: it sends SIGCONT to what it waits for in $(...), which undoes the stop that
# LeakSanitizer waits for, at times for ever.
without_leak_check() {
	export ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0
}

# Run COMMAND without root's rights to read and write everything.
unprivileged() {
	local dir
	if [ "$(id -u)" -ne 0 ]; then
		"$@"
		return
	fi
	for dir in "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$T" "$tree" "$tree/bin"; do
		chmod o+x "$dir"
	done
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# The status that COMMAND should have; says what it printed when it has another.
expect() {
	local want=$1
	shift
	run "$@"
	[ "$status" -eq "$want" ] || {
		printf 'status %s, not %s: %s\n%s\n' "$status" "$want" "$*" "$output"
		return 1
	}
}

# Output holds each of these.
says() {
	local text
	for text in "$@"; do
		[[ $output == *"$text"* ]] || {
			printf "no '%s' in:\n%s\n" "$text" "$output"
			return 1
		}
	done
}

says_not() {
	local text
	for text in "$@"; do
		[[ $output != *"$text"* ]] || {
			printf "'%s' in:\n%s\n" "$text" "$output"
			return 1
		}
	done
}

# A line of output is this.
line_is() {
	grep -Fxq -- "$1" <<<"$output" || {
		printf "no line '%s' in:\n%s\n" "$1" "$output"
		return 1
	}
}

# sandbox_sdks VERSION...: SDKs whose go command (tests/fake/go.c) runs in a real sandbox; skips where there is none.
sandbox_sdks() {
	local v
	bwrap --ro-bind / / --unshare-user true 2>/dev/null || skip "no sandbox here"
	! ldd "$top_builddir/gover-agent" >/dev/null 2>&1 || skip "the agent is not static, as with sanitizers"
	cc -static -o "$BATS_TEST_TMPDIR/go" "$top_srcdir/tests/fake/go.c" || skip "no static program can be made"
	for v in "$@"; do
		mkdir -p "$GOVER_ROOT/sdks/go$v/bin"
		echo "go$v" >"$GOVER_ROOT/sdks/go$v/VERSION"
		cp "$BATS_TEST_TMPDIR/go" "$GOVER_ROOT/sdks/go$v/bin/go"
	done
}
