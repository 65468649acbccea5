# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # status and output come from bats
# For the tests of bin/gover: an installed tree with a fake gover-core, fake SDKs, and a store for the test.
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

# wait_until COMMAND...: wait until it succeeds. It gives up only after a time that is long even for a slow machine.
wait_until() {
	local n
	for ((n = 0; n < 2400; n++)); do
		! "$@" || return 0
		sleep 0.05
	done
	echo "gave up waiting for: $*"
	return 1
}

# fake_core CODE: make a gover-core that logs its arguments and then runs CODE with them in "$@".
fake_core() {
	cat >"$tree/libexec/gover/gover-core" <<-CORE
		#!/bin/sh
		printf '%s\n' "\$*" >>'$core_log'
		$1
	CORE
	chmod +x "$tree/libexec/gover/gover-core"
}

# Remove gover-core. Skips the test when gover is installed: then gover finds the installed one.
without_core() {
	rm "$tree/libexec/gover/gover-core"
	[ ! -e "${gv_libexecdir:-/nowhere}/gover-core" ] || skip "gover is installed in $gv_libexecdir"
}

# Make a gover-core whose `install V` makes a fake SDK, and whose `__shim V TOOL ARG...` also runs it.
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

# manifest VERSION PROOF: write the manifest of an SDK under GOVER_ROOT, with the line "proof PROOF".
manifest() {
	mkdir -p "$GOVER_ROOT/manifests"
	printf '%s\n' "gover-manifest 1" "version $1" "platform linux-$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')" \
		"source goproxy http://proxy.test/go.zip" "h1 h1:LqXmlW4rn/rqR5z8Sz3hri+dYqwQ73YKgkSjm31jRFM=" "proof $2" \
		"files 0" >"$GOVER_ROOT/manifests/go$1"
}

# sdk VERSION...: make fake SDKs under GOVER_ROOT whose manifests say that they were proven.
sdk() {
	# shellcheck source=tests/cli/fake-sdk.sh
	. "${top_srcdir:?}/tests/cli/fake-sdk.sh"
	for v in "$@"; do
		fake_sdk "$GOVER_ROOT/sdks" "$v"
		manifest "$v" "log sum.golang.org 1 2"
	done
}

# system_go VERSION: put a go into $T/sys, which comes after the shims on PATH.
system_go() {
	sdk_dir=$T/sys-sdk
	# shellcheck source=tests/cli/fake-sdk.sh
	. "${top_srcdir:?}/tests/cli/fake-sdk.sh"
	fake_sdk "$sdk_dir" "$1"
	cp "$sdk_dir/go$1/bin/go" "$T/sys/go"
	PATH=$shims:$tree/bin:$T/sys:/usr/local/bin:/usr/bin:/bin
}

# Set a PATH that has no go except our shims.
no_system_go() {
	mkdir -p "$T/tools"
	for tool in sh env cat sleep mkdir ln rm chmod dirname printf grep; do
		ln -sf "$(command -v "$tool")" "$T/tools/$tool"
	done
	PATH=$shims:$tree/bin:$T/tools
}

# Call this before running programs in zsh. zsh sends SIGCONT to a program in $(...). LeakSanitizer stops the program
# and waits for that stop, so the SIGCONT can make it wait for ever.
without_leak_check() {
	export ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0
}

# unprivileged COMMAND...: run it as an ordinary user, so that file modes count.
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

# expect STATUS COMMAND...: fail, and print the output, when COMMAND exits with another status.
expect() {
	local want=$1
	shift
	run "$@"
	[ "$status" -eq "$want" ] || {
		printf 'status %s, not %s: %s\n%s\n' "$status" "$want" "$*" "$output"
		return 1
	}
}

# says TEXT...: fail unless $output contains each TEXT. says_not: fail if it contains one.
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

# line_is LINE: fail unless $output has exactly this line.
line_is() {
	grep -Fxq -- "$1" <<<"$output" || {
		printf "no line '%s' in:\n%s\n" "$1" "$output"
		return 1
	}
}

# sandbox_sdks VERSION...: make SDKs whose go (tests/fake/go.c) can run in a real sandbox. Skips the test without one.
sandbox_sdks() {
	local v
	bwrap --ro-bind / / --unshare-user true 2>/dev/null || skip "no sandbox here"
	! ldd "$top_builddir/gover-agent" >/dev/null 2>&1 || skip "the agent is not static, as with sanitizers"
	cc -static -o "$BATS_TEST_TMPDIR/go" "$top_srcdir/tests/fake/go.c" || skip "cannot build a static program"
	for v in "$@"; do
		mkdir -p "$GOVER_ROOT/sdks/go$v/bin"
		echo "go$v" >"$GOVER_ROOT/sdks/go$v/VERSION"
		cp "$BATS_TEST_TMPDIR/go" "$GOVER_ROOT/sdks/go$v/bin/go"
	done
}
