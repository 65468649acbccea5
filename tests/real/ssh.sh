#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: ssh.sh GOVER VERSION
# An engine behind ssh://: Docker and an sshd on loopback, with their own keys. Each failure on the way gives one clear
# message and exit 3, and leaves no ssh running.
set -eu
# shellcheck source=tests/real/begin.sh
. "$(dirname "$0")/begin.sh"

gover=$1 version=$2 engine=docker what="an engine behind ssh"
unset DOCKER_HOST DOCKER_CONTEXT SSH_AUTH_SOCK

# Every login becomes our own user. The client reads none of this user's files.
start_sshd()
{
	mkdir "$work/ssh" "$work/bin"
	for key in host id other; do
		ssh-keygen -q -t ed25519 -N '' -f "$work/ssh/$key"
	done
	port=$(free_port)
	printf '%s\n' "Port $port" "ListenAddress 127.0.0.1" "HostKey $work/ssh/host" "AuthorizedKeysFile $work/ssh/id.pub" \
		"StrictModes no" "PasswordAuthentication no" "KbdInteractiveAuthentication no" "PermitRootLogin yes" "UsePAM no" \
		"PidFile none" >"$work/ssh/sshd_config"
	printf '%s\n' "Host *" "UserKnownHostsFile $work/ssh/known" "GlobalKnownHostsFile none" "IdentityFile $work/ssh/id" \
		"IdentitiesOnly yes" >"$work/ssh/config"
	# ssh takes its configuration from the home of the passwd file, whatever HOME says.
	printf '#!/bin/sh\nexec %s -F "%s" "$@"\n' "$(command -v ssh)" "$work/ssh/config" >"$work/bin/ssh"
	chmod +x "$work/bin/ssh"
	PATH=$work/bin:$PATH
	mkdir -p /run/sshd
	"$(command -v sshd)" -D -e -f "$work/ssh/sshd_config" >"$work/sshd.log" 2>&1 &
	sshd=$!
	engine_pids="$engine_pids $sshd"
	knows host
	tries=0
	until ssh -p "$port" -o BatchMode=yes 127.0.0.1 true 2>"$work/why"; do
		tries=$((tries + 1))
		[ "$tries" -lt 50 ] && kill -0 "$sshd" 2>/dev/null || return 1
		sleep 0.2
	done
}

# knows KEY: make the client expect this key of the host.
knows()
{
	echo "[127.0.0.1]:$port $(cat "$work/ssh/$1.pub")" >"$work/ssh/known"
}

# try NAME COMMAND...: write the output to $work/NAME.log and the status to $work/NAME.status.
try()
{
	name=$1
	shift
	status=0
	timeout -k 5 300 "$@" >"$work/$name.log" 2>&1 || status=$?
	echo "$status" >"$work/$name.status"
}

# refused NAME WORDS: it was exit 3 with one message that contains the words.
refused()
{
	[ "$(cat "$work/$1.status")" = 3 ] && [ "$(grep -c '^gover: error: ' "$work/$1.log")" = 1 ] &&
		grep '^gover: error: ' "$work/$1.log" | grep -F "$2" || {
		cat "$work/$1.status" "$work/$1.log"
		return 1
	}
}

left_ssh()
{
	pgrep -af "^[^ ]*ssh .*$work/" || :
	find /tmp -maxdepth 1 -name 'gover-ssh-*' -newer "$work/ssh/config" -user "$(id -u)" || :
}

command -v sshd >/dev/null || skip_all "$what" "no program 'sshd'"
need_engine "$what"
unset DOCKER_HOST
start_sshd || skip_all "$what" "sshd lets nobody in here: $(tail -n 1 "$work/sshd.log" | tr -d '#')"
cp -R "$top/examples" "$work/project"
chmod -R u+w "$work/project"
cd "$work/project"
me=$(id -un)
address=ssh://$me@127.0.0.1:$port$work/docker.sock
probe="engine docker"

try validate env DOCKER_HOST="$address" "$gover" validate "$version" --engine docker
run "a validation: exit 0" grep -x 0 "$work/validate.status" || sed 's/^/# /' "$work/validate.log"
run "its cell is compatible" grep -E "$version +compatible" "$work/validate.log"
check "no ssh is left" left_ssh
left=$(curl -s --unix-socket "$work/docker.sock" 'http://d/containers/json?all=1' | jq -r '.[].Names[]')
check "no container is left" printf %s "$left"

hash=$(printf far | sha256sum | cut -d ' ' -f 1)
mkdir -p "$work/docker-config/contexts/meta/$hash"
echo '{"currentContext":"far"}' >"$work/docker-config/config.json"
echo "{\"Name\":\"far\",\"Endpoints\":{\"docker\":{\"Host\":\"$address\"}}}" >"$work/docker-config/contexts/meta/$hash/meta.json"
# shellcheck disable=SC2086 # words
{
	try context env DOCKER_CONFIG="$work/docker-config" "$gover" $probe
	try nobody env DOCKER_HOST=ssh://127.0.0.1:1 "$gover" $probe
	try nodocker env DOCKER_HOST="ssh://$me@127.0.0.1:$port$work/nothing.sock" "$gover" $probe
	knows other
	try changed env DOCKER_HOST="$address" "$gover" $probe
	rm "$work/ssh/known"
	try unknown env DOCKER_HOST="$address" "$gover" $probe
	knows host
	mv "$work/ssh/id" "$work/ssh/id.away"
	try nokey env DOCKER_HOST="$address" "$gover" $probe
}
run "a Docker context that names it" grep -F "context 'far'" "$work/context.log"
check "it needs no other setting" grep -vx 0 "$work/context.status"
run "no server listens" refused nobody "Connection refused"
run "no Docker on the other side" refused nodocker "nothing.sock"
run "the host has another key" refused changed "ost key verification failed"
run "the host is not known" refused unknown "ost key verification failed"
run "the host refuses our key" refused nokey "Permission denied"
check "no ssh is left after the failures" left_ssh
tap_done
