# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
# Phases with real toolchains from the network. To be sourced after common.sh and run.sh.

installed=$out/installed/bin/gover

need_installed()
{
	[ -x "$installed" ] || die "no '$installed'; run phase gcc first"
}

# Use the tarball of phase_distcheck as a new user would.
phase_quickstart()
{
	local dir=$out/quickstart line
	[ ! -d "$dir" ] || chmod -R u+w "$dir"
	rm -rf "$dir"
	mkdir -p "$dir"
	tar -xzf "$out"/gcc/gover-*.tar.gz -C "$dir" --strip-components=1
	"$dir/scripts/quickstart" | tee "$dir/first.log"
	# A second run downloads nothing, so it needs no source.
	GOPROXY=off GOVER_SOURCES=off timeout 60 "$dir/scripts/quickstart"
	# The printed line is all that a shell needs.
	line=$(tail -n 1 "$dir/first.log")
	cd "$dir/examples" || return
	env -i HOME="$out" PATH=/usr/bin:/bin dash -c "$line"'; gover current && go version' | grep -F 'go version go1.22.3 '
}


# validation SCRIPT ARGUMENT...: run a script of tests/real with a store whose caches are kept between runs.
validation()
{
	need_installed
	GOVER_ROOT=$out/validate tap_of "$top/tests/real/$1.sh" "$installed" "${@:2}"
}

# Needs phase_gcc.
phase_engines()
{
	local status=0
	tap_of "$top/tests/real/engines.sh" "$out/gcc" || status=1
	validation ssh 1.22.3 || status=1
	validation pull 1.22.3 || status=1
	validation jobs || status=1
	return "$status"
}

phase_hostile()
{
	local status=0
	validation hostile bwrap 1.22.3 || status=1
	validation vanish 1.22.3 || status=1
	validation leaks bwrap 1.22.3 || status=1
	validation leaks docker 1.22.3 || status=1
	return "$status"
}

# A part of the corpus; phase_corpora runs all of it.
phase_corpus()
{
	local engine status=0
	for engine in bwrap docker; do
		validation corpus "$engine" tint,multierr,pflag 1.18.10 1.22.3 1.27.3 || status=1
	done
	return "$status"
}

phase_corpora()
{
	local status=0
	validation corpus bwrap all all || status=1
	validation corpus docker all all || status=1
	validation hostile docker 1.22.3 || status=1
	validation hostile podman 1.22.3 || status=1
	validation corpus podman uuid,gofuzz,kong 1.20.14 1.24.13 1.27.3 || status=1
	return "$status"
}

# A few versions; phase_versions has more.
phase_real()
{
	need_installed
	local status=0
	tap_of "$top/tests/real/versions.sh" "$installed" 1.22.3 1.27 || status=1
	validation sarif 1.27.3 || status=1
	return "$status"
}

phase_versions()
{
	need_installed
	tap_of "$top/tests/real/versions.sh" "$installed" 1.20.14 1.21.6 1.22.3 1.26 1.27
}
