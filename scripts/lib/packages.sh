# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
# Packages of Debian 12 and later and of Ubuntu 22.04 and later. To be sourced after common.sh.
# On other systems nothing is installed, and configure reports what is missing.

build_packages=(autoconf automake pkg-config make gcc libc6-dev git ca-certificates
	libcurl4-openssl-dev libarchive-dev libisal-dev libsodium-dev libjansson-dev libssl-dev zlib1g-dev libxml2-dev libpcre2-dev
	musl-tools bubblewrap)

# The tests need these too. A package that this release does not have is skipped, with a message.
test_packages=(bats clang clang-format llvm shellcheck mandoc zsh fish ksh mksh busybox dash python3 jq strace procps
	file curl unzip binutils openssl docker.io podman runc openssh-client openssh-server libxml2-utils python3-jsonschema perl)

# For `check --all`.
long_packages=(gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static xz-utils)

as_root()
{
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "needs root or sudo to run: $*"
	fi
}

# Run apt-get. Prints nothing unless it fails.
apt()
{
	local log
	log=$(mktemp)
	if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1; then
		cat "$log" >&2
		rm "$log"
		die "apt-get $1 failed"
	fi
	rm "$log"
}

missing_packages()
{
	local name
	for name in "$@"; do
		dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || printf '%s\n' "$name"
	done
}

# need_packages NAME...: install missing packages, without asking.
need_packages()
{
	local missing known=() name
	if ! command -v apt-get >/dev/null; then
		say "no apt-get here, so nothing is installed; the packages on Debian are: $*"
		return
	fi
	mapfile -t missing < <(missing_packages "$@")
	[ "${#missing[@]}" -gt 0 ] || return 0
	say "installing with apt-get: ${missing[*]}"
	apt update
	for name in "${missing[@]}"; do
		if [ -n "$(apt-cache show --no-all-versions "$name" 2>/dev/null)" ]; then
			known+=("$name")
		else
			say "no package '$name' in this release: continuing without it"
		fi
	done
	[ "${#known[@]}" -eq 0 ] || apt install --no-install-recommends "${known[@]}"
}

# clang's run-time libraries for sanitizers and fuzzers are a separate package, named after clang's version.
need_clang_runtime()
{
	local major
	command -v clang >/dev/null || return 0
	major=$(clang -dumpversion | cut -d. -f1)
	if [ ! -e "$(clang -print-file-name=libclang_rt.asan-x86_64.a)" ]; then
		need_packages "libclang-rt-$major-dev"
	fi
}
