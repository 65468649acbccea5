/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "docker/endpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json/json.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "verify/hash.h"

#define CONFIG_MAX (1u << 20)

static void
add(struct gv_endpoints *list, struct gv_endpoint e)
{
	list->e = gv_xreallocarray(list->e, list->n + 1, sizeof(*list->e));
	list->e[list->n++] = e;
}

void
gv_endpoints_release(struct gv_endpoints *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->e[i].from);
		free(list->e[i].host);
		free(list->e[i].tls);
	}
	free(list->e);
	*list = (struct gv_endpoints){ 0 };
}

/* A variable's value, or NULL when it is unset or empty. */
static const char *
env(const char *name)
{
	const char *v = getenv(name);

	return v != NULL && v[0] != '\0' ? v : NULL;
}

char *
gv_docker_config_dir(void)
{
	const char *dir = env("DOCKER_CONFIG"), *home = env("HOME");

	return dir != NULL ? gv_xstrdup(dir) : home != NULL ? gv_path_join(home, ".docker") : NULL;
}

int
gv_context_parse(const char *text, size_t len, char **host, bool *skip_verify, struct gv_err *err)
{
	gv_autojson struct gv_json j = { 0 };
	struct gv_json endpoints, docker;
	const char *h;
	bool skip = false;

	if (gv_json_parse(&j, text, len, err) < 0 || gv_json_want_object(&j, err) < 0 ||
	    gv_json_object(&j, "Endpoints", &endpoints, err) < 0 ||
	    gv_json_object(&endpoints, "docker", &docker, err) < 0 || gv_json_str(&docker, "Host", &h, err) < 0)
		return -1;
	if (gv_json_has(&docker, "SkipTLSVerify") && gv_json_bool(&docker, "SkipTLSVerify", &skip, err) < 0)
		return -1;
	*host = gv_xstrdup(h);
	*skip_verify = skip;
	return 0;
}

/* currentContext of config.json, or NULL. Caller frees. */
static char *
current_context(const char *dir, struct gv_strv *why)
{
	gv_autofree char *path = gv_path_join(dir, "config.json"), *text = NULL;
	gv_autojson struct gv_json j = { 0 };
	struct gv_err err = GV_ERR_INIT;
	const char *name = NULL;
	size_t len;

	if (gv_fs_read(AT_FDCWD, path, CONFIG_MAX, &text, &len, &err) < 0) {
		if (err.sys != ENOENT)
			gv_strv_add(why, err.msg);
		return NULL;
	}
	if (gv_json_parse(&j, text, len, &err) < 0 || gv_json_want_object(&j, &err) < 0 ||
	    gv_json_str_opt(&j, "currentContext", &name, &err) < 0) {
		gv_strv_take(why, gv_xasprintf("'%s': %s", path, err.msg));
		return NULL;
	}
	return name != NULL && name[0] != '\0' ? gv_xstrdup(name) : NULL;
}

static void
add_context(struct gv_endpoints *list, const char *dir, const char *name, struct gv_strv *why)
{
	uint8_t sum[GV_SHA256_LEN];
	char hex[GV_SHA256_HEX];
	gv_autofree char *path = NULL, *text = NULL, *tls = NULL;
	struct gv_endpoint e = { .asked = true };
	struct gv_err err = GV_ERR_INIT;
	size_t len;

	gv_sha256_of(name, strlen(name), sum);
	gv_hex(hex, sum, sizeof(sum));
	path = gv_xasprintf("%s/contexts/meta/%s/meta.json", dir, hex);
	tls = gv_xasprintf("%s/contexts/tls/%s/docker", dir, hex);
	if (gv_fs_read(AT_FDCWD, path, CONFIG_MAX, &text, &len, &err) < 0 ||
	    gv_context_parse(text, len, &e.host, &e.unverified, &err) < 0) {
		gv_strv_take(why, gv_xasprintf("docker context '%s': %s", name, err.msg));
		return;
	}
	e.from = gv_xasprintf("context '%s'", name);
	if (gv_fs_is_dir(tls))
		e.tls = gv_steal_ptr(&tls);
	add(list, e);
}

static void
add_socket(struct gv_endpoints *list, const char *dir, const char *name, const char *from)
{
	gv_autofree char *path = gv_path_join(dir, name);

	if (access(path, F_OK) == 0)
		add(list, (struct gv_endpoint){ .from = gv_xstrdup(from), .host = gv_xasprintf("unix://%s", path) });
}

static void
add_docker_host(struct gv_endpoints *list, const char *host, const char *dir)
{
	const char *certs = env("DOCKER_CERT_PATH");
	bool verify = env("DOCKER_TLS_VERIFY") != NULL;
	struct gv_endpoint e = { .from = gv_xstrdup("DOCKER_HOST"), .host = gv_xstrdup(host), .asked = true };

	if (certs != NULL)
		e.tls = gv_xstrdup(certs);
	else if (verify && dir != NULL)
		e.tls = gv_xstrdup(dir);
	/*
	 * With TLS but no verification, the docker command would encrypt without checking the server. We always check
	 * it.
	 */
	add(list, e);
}

void
gv_endpoints_find(struct gv_endpoints *list, struct gv_strv *why)
{
	gv_autofree char *dir = gv_docker_config_dir(), *context = NULL;
	const char *host = env("DOCKER_HOST"), *named = env("DOCKER_CONTEXT"), *podman = env("CONTAINER_HOST"),
		   *run = env("XDG_RUNTIME_DIR");

	*list = (struct gv_endpoints){ 0 };
	if (host != NULL) {
		add_docker_host(list, host, dir);
	} else {
		context = named != NULL ? gv_xstrdup(named) : dir != NULL ? current_context(dir, why) : NULL;
		if (context != NULL && strcmp(context, "default") != 0 && dir != NULL)
			add_context(list, dir, context, why);
		add_socket(list, "/var/run", "docker.sock", "usual place");
	}
	if (podman != NULL)
		add(list, (struct gv_endpoint){
			      .from = gv_xstrdup("CONTAINER_HOST"), .host = gv_xstrdup(podman), .asked = true });
	if (run != NULL) {
		add_socket(list, run, "docker.sock", "rootless");
		add_socket(list, run, "podman/podman.sock", "rootless");
	}
	add_socket(list, "/run/podman", "podman.sock", "usual place");
}
