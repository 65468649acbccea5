#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: pull.sh GOVER VERSION
# A user's image in a registry that requires a password: a real registry on loopback, and a real Docker that pulls with
# the credentials in config.json of the docker command.
set -eu
# shellcheck source=tests/real/begin.sh
. "$(dirname "$0")/begin.sh"

gover=$1 version=$2 engine=docker what="an image that has to be pulled"
unset DOCKER_HOST DOCKER_CONTEXT
export DOCKER_CONFIG="$work/config"

# Unpack the package's program. We do not install the package, because that would start a service.
registry_program()
{
	(
		mkdir "$work/package" && cd "$work/package" && apt-get download docker-registry && dpkg -x docker-registry_*.deb .
	) >"$work/package.log" 2>&1 && echo "$work/package/usr/bin/docker-registry"
}

start_registry()
{
	program=$(command -v docker-registry || registry_program) || skip_all "$what" "no program 'docker-registry', no such package"
	port=$(free_port)
	host=127.0.0.1:$port
	# shellcheck disable=SC2016 # perl's
	printf 'ann:%s\n' "$(perl -e 'print crypt("se:cret", q{$2y$05$abcdefghijklmnopqrstuu})')" >"$work/htpasswd"
	cat >"$work/registry.yml" <<-CONFIG
		version: 0.1
		storage: {filesystem: {rootdirectory: $work/registry}}
		http: {addr: $host}
		auth: {htpasswd: {realm: test, path: $work/htpasswd}}
	CONFIG
	"$program" serve "$work/registry.yml" >"$work/registry.log" 2>&1 &
	registry=$!
	engine_pids="$engine_pids $registry"
	tries=0
	until curl -s -o /dev/null "http://$host/v2/"; do
		tries=$((tries + 1))
		[ "$tries" -lt 100 ] && kill -0 "$registry" 2>/dev/null || skip_all "$what" "no registry starts here: $(tail -n 1 "$work/registry.log" | tr -d '#')"
		sleep 0.1
	done
}

api()
{
	method=$1 path=$2
	shift 2
	curl -sf --unix-socket "$work/docker.sock" -X "$method" "$@" "http://d$path"
}

# Put this machine's shell as an image into the registry, and not into the engine.
push_image()
{
	mkdir "$work/image"
	for file in /bin/sh $(ldd /bin/sh | grep -o '/[^ ]*'); do
		mkdir -p "$work/image${file%/*}" && cp -L "$file" "$work/image$file"
	done
	tar -C "$work/image" -cf - . | api POST "/images/create?fromSrc=-&repo=$host%2Fteam%2Fshell%3A1" -o /dev/null \
		-H 'Content-Type: application/x-tar' --data-binary @-
	auth=$(printf '{"username":"ann","password":"se:cret","serveraddress":"%s"}' "$host" | base64 -w 0 | tr +/ -_)
	api POST "/images/$host/team/shell/push?tag=1" -H "X-Registry-Auth: $auth" >"$work/push.log"
	forget_image
	[ "$(curl -su ann:se:cret "http://$host/v2/_catalog")" = '{"repositories":["team/shell"]}' ]
}

forget_image()
{
	api DELETE "/images/$host/team/shell:1?force=1" -o /dev/null || :
}

# login TEXT: write config.json
login()
{
	mkdir -p "$DOCKER_CONFIG"
	echo "$1" >"$DOCKER_CONFIG/config.json"
}

# validate NAME: write the output to $work/NAME.log and the status to $work/NAME.status.
validate()
{
	status=0
	DOCKER_HOST=$docker timeout -k 5 300 "$gover" validate "$version" --engine docker --image "$host/team/shell:1" \
		--phase build >"$work/$1.log" 2>&1 || status=$?
	echo "$status" >"$work/$1.status"
}

# says NAME STATUS WORDS
says()
{
	grep -qx "$2" "$work/$1.status" && grep -F "$3" "$work/$1.log" || {
		cat "$work/$1.status" "$work/$1.log"
		return 1
	}
}

need_engine "$what"
start_registry
cp -R "$top/examples" "$work/project"
chmod -R u+w "$work/project"
cd "$work/project"
run "an image is in the registry" push_image

validate nobody
run "without a password: exit 3" says nobody 3 "no basic auth credentials"
run "and the help says to log in" says nobody 3 "docker login $host"

login "{\"auths\":{\"$host\":{\"auth\":\"$(printf ann:wrong | base64)\"}}}"
validate wrong
run "with a wrong password: exit 3" says wrong 3 "unauthorized"

login "{\"auths\":{\"$host\":{\"auth\":\"$(printf ann:se:cret | base64)\"}}}"
validate right
run "with the password of config.json: exit 0" says right 0 compatible

forget_image
mkdir "$work/bin"
# shellcheck disable=SC2016 # the helper's
printf '#!/bin/sh\n[ "$1 $(cat)" = "get %s" ] && echo "{\\"Username\\":\\"ann\\",\\"Secret\\":\\"se:cret\\"}"\n' "$host" \
	>"$work/bin/docker-credential-test"
chmod +x "$work/bin/docker-credential-test"
login '{"credsStore":"test"}'
validate nohelper
run "a missing credential helper is named: exit 3" says nohelper 3 "docker-credential-test"
PATH=$work/bin:$PATH
validate helper
run "with a credential helper: exit 0" says helper 0 compatible
check "no output contains a password" grep -rl 'se:cret' "$work"/*.log
tap_done
