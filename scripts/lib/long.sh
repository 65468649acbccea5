# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
# Phases of scripts/check --all: another C library, arm64, a busy machine, fuzzing. To be sourced after the others.

# base_units DIRECTORY COMPILER RUNNER...: compile the base library and its unit tests statically with COMPILER
# and run them with RUNNER.
base_units()
{
	local dir=$1 cc=$2 test name flags status=0
	shift 2
	flags=(-std=gnu11 -O1 -D_GNU_SOURCE -I"$out/gcc" -I"$top/src/base" -I"$top"
		-DGV_LIBEXECDIR='"/nowhere"' -DGV_DATADIR='"/nowhere"')
	rm -rf "$dir"
	mkdir -p "$dir"
	(cd "$dir" && "$cc" "${flags[@]}" -c "$top"/src/base/*/*.c)
	for test in "$top"/tests/unit/base/*_test.c; do
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

# Make a root directory with the arm64 libraries of this release, without changing the system.
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

# Cross-compile and run the unit tests under qemu. Without the arm64 libraries, only the base library.
phase_arm64()
{
	local root=$out/sysroot/root lib tests
	command -v aarch64-linux-gnu-gcc >/dev/null || skip_phase "no arm64 cross compiler"
	command -v qemu-aarch64-static >/dev/null || skip_phase "no qemu-aarch64-static"
	if ! arm64_sysroot; then
		say "no arm64 libraries: only the base library is tested"
		base_units "$out/arm64-base" aarch64-linux-gnu-gcc qemu-aarch64-static
		return
	fi
	lib=$root/usr/lib/aarch64-linux-gnu/pkgconfig
	PKG_CONFIG_LIBDIR=$lib:$root/usr/share/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root \
		build "$out/arm64" --host=aarch64-linux-gnu CC="aarch64-linux-gnu-gcc --sysroot=$root" --enable-werror
	# Leave out tests that run one of gover's programs, because the kernel cannot run arm64, and those that read
	# /proc/self, where qemu shows its own executable and no start time.
	tests=$(cd "$top" && grep -L top_builddir tests/unit/*/*_test.c tests/fuzz/*_fuzz.c | sed 's/\.c$//')
	tests=$(grep -vE '/(pin|dirs|engine)_test$' <<<"$tests")
	make_check "$out/arm64" LOG_COMPILER="qemu-aarch64-static -L $root" TESTS="${tests//$'\n'/ }"
}

# Test every fault. Other phases test a sample.
phase_faults()
{
	build "$out/gcc" CC=gcc --enable-werror --prefix="$out/gcc/prefix"
	FAULT_STEP=1 make_check "$out/gcc" TESTS=tests/cli/faults.bats
}

# Run each unit test STEADY_RUNS times, four at once, while two loops keep the processor busy: no test may depend on
# speed. The output of a failed run stays in build-check/steady.
phase_steady()
{
	local runs=${STEADY_RUNS:-20} test name status=0
	local -a bad
	build "$out/gcc" CC=gcc --enable-werror --prefix="$out/gcc/prefix"
	make_check "$out/gcc" TESTS=
	rm -rf "$out/steady"
	mkdir -p "$out/steady"
	export top_srcdir=$top top_builddir=$out/gcc
	trap 'kill $(jobs -p)' EXIT
	(while :; do :; done) &
	(while :; do :; done) &
	cd "$out/steady" || return
	for test in "$out"/gcc/tests/unit/*/*_test; do
		name=$(basename "$test" _test)
		# shellcheck disable=SC2016 # for the inner shell
		if seq "$runs" | xargs -P 4 -I N sh -c '"$0" >"$1" 2>&1 && rm "$1"' "$test" "$out/steady/$name.N"; then
			say "ok - $name, $runs times" >>"$tap_file"
		else
			bad=("$out/steady/$name".*)
			{
				say "not ok - $name, ${#bad[@]} of $runs times"
				grep -hE '^not ok|^Bail out' "${bad[@]}" | sort | uniq -c | sed 's/^/# /'
			} >>"$tap_file"
			status=1
		fi
	done
	return "$status"
}

# Fuzz every target for FUZZ_SECONDS, starting from its corpus. Inputs that fail stay in build-check/fuzz/found.
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
