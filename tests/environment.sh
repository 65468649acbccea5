# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# To be sourced before a test of `make check`, so that none depends on the environment of who runs it: what gover, Go, the
# engines and CI systems read is removed, a terminal can be drawn on, and text is UTF-8.
families='GO|GITHUB_|GITLAB_|XDG_|DOCKER_|CONTAINER_|CLICOLOR|LC_'
names='LANG|LANGUAGE|CI|NO_COLOR|FORCE_COLOR|NETRC|COLUMNS|LINES'
for name in $(env | sed -n -E "s/^(($families)[A-Z0-9_]*|$names)=.*/\\1/p"); do
	[ "$name" = GOVER_LONG_TESTS ] || unset "$name"
done
unset families names name
export TERM=xterm LC_ALL=C.UTF-8
