# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
# Phases that check the code itself: its format, and data races between its threads. To be sourced after common.sh,
# run.sh, phases.sh and real.sh.

# Check the format with one release of clang-format, because each release formats some code differently.
format_major=14

phase_format()
{
	local tool files
	tool=$(command -v "clang-format-$format_major" || command -v clang-format) || skip_phase "no clang-format"
	"$tool" --version | grep -q "version $format_major\." ||
		skip_phase "$("$tool" --version) is not release $format_major"
	cd "$top" || return
	mapfile -t files < <(find src shims tests -name '*.[ch]' | sort)
	"$tool" --dry-run -Werror "${files[@]}"
}

# Unit tests that run threads.
threaded=(archive_unpack docker docker_cache engine fetch http index origin runner supply ui zipread)

# The thread sanitizers of gcc before 14 and clang before 18 fail if the kernel uses more random address bits.
random_bits=28

# install_and_validate GOVER DIRECTORY: install into an empty store, then run three cells of a tiny project at once.
# They use the host engine, because a sandbox lacks the libraries of an instrumented agent.
install_and_validate()
{
	local project=$2/project
	export GOVER_ROOT=$2/root
	[ ! -d "$2" ] || chmod -R u+w "$2"
	rm -rf "$2"
	mkdir -p "$project"
	printf 'module example.com/tiny\n\ngo 1.20\n' >"$project/go.mod"
	printf 'package tiny\n\nimport "testing"\n\nfunc TestIt(t *testing.T) {}\n' >"$project/tiny_test.go"
	"$1" install 1.22.3 &&
		"$1" validate -C "$project" --engine host --tags one --tags two --tags three --jobs 3 1.22.3
}

# The sanitizer writes to files, because some tests do not read the stderr of programs that they start.
phase_threads()
{
	local dir=$out/threads status=0 bits tests
	bits=$(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo 0)
	if [ "$bits" -gt "$random_bits" ] && [ "$(cat /proc/self/personality)" != 00040000 ]; then
		exec setarch -R "$top/scripts/check" --run threads
	fi
	build "$dir" CC=gcc CFLAGS="-g -O1" --enable-werror --enable-thread-sanitizer --prefix="$dir/prefix"
	make -C "$dir" --no-print-directory install
	rm -rf "$dir/races"
	mkdir "$dir/races"
	export TSAN_OPTIONS="log_path=$dir/races/race history_size=4"
	tests=$(cd "$top" && for name in "${threaded[@]}"; do echo tests/unit/*/"$name"_test.c; done | sed 's/\.c$//' | tr '\n' ' ')
	make_check "$dir" check_PROGRAMS="$tests" TESTS="$tests" || status=1
	(install_and_validate "$dir/prefix/bin/gover" "$dir/real") || status=1
	if [ -n "$(ls "$dir/races")" ]; then
		say "error: data races"
		head -n 60 "$dir"/races/*
		status=1
	fi
	return "$status"
}
