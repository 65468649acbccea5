# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
# Phases of scripts/check --all: other C libraries, another processor, fuzzing. To be sourced after the others.

beyond_base='#include ("((json|net|index|fetch|verify|archive|store|engine|validate|report|gover|agent|core|shims|tests/fake)/|tests/unit/cells)|<(curl|jansson|zlib))'

# base_units DIRECTORY COMPILER RUNNER...: compile the base library and those unit tests that need nothing else
# statically with COMPILER, and run them.
base_units()
{
	local dir=$1 cc=$2 test name flags status=0
	shift 2
	flags=(-std=gnu11 -O1 -D_GNU_SOURCE -I"$out/gcc" -I"$top/src" -I"$top"
		-DGV_LIBEXECDIR='"/nowhere"' -DGV_DATADIR='"/nowhere"')
	rm -rf "$dir"
	mkdir -p "$dir"
	(cd "$dir" && "$cc" "${flags[@]}" -c "$top"/src/{util,version,resolve,ui}/*.c)
	for test in "$top"/tests/unit/*_test.c; do
		! grep -qE "$beyond_base" "$test" || continue
		name=$(basename "$test" .c)
		"$cc" "${flags[@]}" -static -o "$dir/$name" "$test" "$dir"/*.o
		say "# $name"
		top_srcdir=$top tap_of "$@" "$dir/$name" || status=1
	done
	return "$status"
}

phase_musl()
{
	command -v musl-gcc >/dev/null || skip_phase "no musl-gcc"
	base_units "$out/musl" musl-gcc
}

# Root directory with the arm64 libraries of this release, unpacked without touching the system.
arm64_sysroot()
{
	local dir=$out/sysroot options packages deb
	[ ! -e "$dir/root/complete" ] || return 0
	command -v apt-get >/dev/null || return 1
	mkdir -p "$dir"/{lists,cache/archives,root}
	: >"$dir/status"
	options=(-q -y -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o APT::Sandbox::User=root
		-o Dir::State::lists="$dir/lists" -o Dir::State::status="$dir/status" -o Dir::Cache="$dir/cache"
		-o Debug::NoLocking=1 -o Acquire::Languages=none)
	mapfile -t packages < <(printf '%s\n' "${build_packages[@]}" | grep -E '^(lib|zlib).*-dev$')
	apt-get "${options[@]}" update || return 1
	apt-get "${options[@]}" install --download-only --no-install-recommends "${packages[@]}" || return 1
	for deb in "$dir"/cache/archives/*.deb; do
		dpkg -x "$deb" "$dir/root" || return 1
	done
	touch "$dir/root/complete"
}

# Cross-built; the unit tests run under qemu. Where the arm64 libraries cannot be had, the base library alone.
phase_arm64()
{
	local root=$out/sysroot/root lib tests
	command -v aarch64-linux-gnu-gcc >/dev/null || skip_phase "no arm64 cross compiler"
	command -v qemu-aarch64-static >/dev/null || skip_phase "no qemu-aarch64-static"
	if ! arm64_sysroot; then
		say "no arm64 libraries: the base library alone"
		base_units "$out/arm64-base" aarch64-linux-gnu-gcc qemu-aarch64-static
		return
	fi
	lib=$root/usr/lib/aarch64-linux-gnu/pkgconfig
	PKG_CONFIG_LIBDIR=$lib:$root/usr/share/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root \
		build "$out/arm64" --host=aarch64-linux-gnu CC="aarch64-linux-gnu-gcc --sysroot=$root" --enable-werror
	# Left out: tests that run one of our programs, which the kernel cannot without qemu's help, and two that ask
	# /proc about themselves, where qemu shows its own executable and no start time.
	tests=$(cd "$top" && grep -L top_builddir tests/unit/*_test.c tests/fuzz/*_fuzz.c | sed 's/\.c$//')
	tests=$(grep -vE '/(pin|dirs|engine)_test$' <<<"$tests")
	make_check "$out/arm64" LOG_COMPILER="qemu-aarch64-static -L $root" TESTS="${tests//$'\n'/ }"
}

# All points of which the other phases take a sample.
phase_faults()
{
	build "$out/gcc" CC=gcc --enable-werror --prefix="$out/gcc/prefix"
	FAULT_STEP=1 make_check "$out/gcc" TESTS=tests/cli/faults.bats
}

# Every target for FUZZ_SECONDS, from its corpus. What is found stays in build-check/fuzz/found.
phase_fuzz()
{
	local seconds=${FUZZ_SECONDS:-20} target name status=0
	command -v clang >/dev/null || skip_phase "no clang"
	build "$out/fuzz" CC=clang --enable-fuzzing --enable-sanitizers
	make -C "$out/fuzz" --no-print-directory -j"$jobs" fuzzers
	mkdir -p "$out/fuzz/found"
	for target in "$out"/fuzz/tests/fuzz/*_fuzz; do
		name=$(basename "$target" _fuzz)
		mkdir -p "$out/fuzz/work/$name"
		if "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=65536 -print_final_stats=1 \
			-artifact_prefix="$out/fuzz/found/$name-" "$out/fuzz/work/$name" "$top/tests/fuzz/corpus/$name"; then
			say "ok - $name" >>"$tap_file"
		else
			say "not ok - $name" >>"$tap_file"
			status=1
		fi
	done
	return "$status"
}
