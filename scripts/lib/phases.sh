# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
# The phases of every scripts/check. To be sourced after common.sh and run.sh.

# make_check DIRECTORY VARIABLE=VALUE...
make_check()
{
	rm -f "$1/test-suite.log"
	if ! make -C "$1" --no-print-directory -j"$jobs" check "${@:2}"; then
		show_suite "$1"
		return 1
	fi
}

# Print each failure from the logs of failed tests, with the lines that explain it.
show_suite()
{
	find "$1" -name test-suite.log -exec awk '
		/^(not ok|ERROR:|Bail out)/ { print; said = 1; next }
		/^FAIL/ { next }
		/^(ok|PASS|SKIP)/ { said = 0 }
		said' {} +
}

phase_shell()
{
	local scripts
	mapfile -t scripts < <(cd "$top" && grep -rIlE --exclude-dir=corpus '^#!.*(sh|bats)$|^# shellcheck shell=' .ci scripts tests completions bootstrap | grep -vE '\.(log|trs)$')
	cd "$top" && shellcheck -x -S warning "${scripts[@]}"
}

phase_man()
{
	# mandoc looks for referenced manuals only among the installed ones.
	! mandoc -T lint -W style "$top"/man/*.[1-8] | grep -v 'STYLE: referenced manual not found'
}

phase_gcc()
{
	build "$out/gcc" CC=gcc --enable-werror --prefix="$out/gcc/prefix"
	make_check "$out/gcc"
	# An installed tree must work after a move, so other phases use a moved one.
	make -C "$out/gcc" --no-print-directory install
	rm -rf "$out/installed"
	mv "$out/gcc/prefix" "$out/installed"
}

# Only compile the tests: phase gcc runs the same ones.
phase_clang()
{
	command -v clang >/dev/null || skip_phase "no clang"
	build "$out/clang" CC=clang --enable-werror
	make_check "$out/clang" TESTS=
}

# A leak is a failure, too.
phase_sanitizers()
{
	build "$out/sanitizers" CC=gcc --enable-werror --enable-sanitizers
	ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1 make_check "$out/sanitizers"
}

phase_distcheck()
{
	if ! make -C "$out/gcc" --no-print-directory -j"$jobs" distcheck AM_DISTCHECK_CONFIGURE_FLAGS=--enable-werror; then
		show_suite "$out/gcc/gover-"*/
		return 1
	fi
}
