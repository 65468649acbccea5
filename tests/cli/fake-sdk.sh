# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# fake_sdk DIR VERSION: make an SDK whose go prints its version, arguments or variables. Needs only cat, mkdir, chmod.
fake_sdk()
{
	mkdir -p "$1/go$2/bin"
	for fake_tool in go gofmt; do
		cat >"$1/go$2/bin/$fake_tool" <<-TOOL
			#!/bin/sh
			case \$1 in
			version | mod | -*) echo "$fake_tool version go$2 linux/amd64" ;;
			args) shift; for a; do echo "<\$a>"; done ;;
			var) eval "echo \"\\\${\$2-unset}\"" ;;
			exit) exit "\$2" ;;
			stdin) cat ;;
			wait) echo "\$\$"; exec sleep 60 ;;
			run) shift; "\$@" ;;
			esac
		TOOL
		chmod 755 "$1/go$2/bin/$fake_tool"
	done
}
