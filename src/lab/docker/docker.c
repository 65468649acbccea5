/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "docker/docker.h"
#include "docker/inner.h"
#include "resolve/dirs.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/num.h"
#include "util/path.h"
#include "util/proc.h"
#include "verify/hash.h"

/*
 * Seconds after its deadline until we remove a cell whose gover may run elsewhere. It is a day, because the clock of
 * another machine may have set the deadline.
 */
#define FOREIGN_S (24 * 3600)

/*
 * "WORLD:STATE:", the beginning of the owner label. A gover may judge only cells with the same two: in its own world it
 * sees whether a process lives, and the records in its state directory say what is kept. "" when the world is not
 * known. Caller frees.
 */
static char *
owner_prefix(const struct gv_engine *e)
{
	gv_autofree char *state = gv_xasprintf("%ju %s", (uintmax_t)geteuid(), e->state);
	char world[GV_PROC_WORLD_MAX], hex[17];
	uint8_t sum[GV_SHA256_LEN];

	if (!gv_proc_world(world))
		return gv_xstrdup("");
	gv_sha256_of(state, strlen(state), sum);
	gv_hex(hex, sum, (sizeof(hex) - 1) / 2);
	return gv_xasprintf("%s:%s:", world, hex);
}

/* The owner label of this process (docker/inner.h); "" when nobody can judge it. Caller frees. */
static char *
owner(const struct gv_engine *e)
{
	gv_autofree char *prefix = owner_prefix(e);
	struct gv_err err = GV_ERR_INIT;
	struct gv_proc p;

	if (prefix[0] == '\0' || gv_proc_read(&p, getpid(), &err) < 0)
		return gv_xstrdup("");
	return gv_xasprintf("%s%ld:%" PRIu64, prefix, (long)p.pid, p.start);
}

enum fate { LIVES, GONE, FOREIGN };

/* Whether the gover in an owner label lives or is gone; FOREIGN if we cannot know. */
static enum fate
fate_of(const struct gv_engine *e, const char *label)
{
	gv_autofree char *prefix = owner_prefix(e);
	size_t n = strlen(prefix);
	uint64_t pid, start;
	const char *at;

	if (n == 0 || strncmp(label, prefix, n) != 0)
		return FOREIGN;
	at = gv_num_prefix(label + n, INT_MAX, &pid);
	if (at == NULL || *at != ':' || gv_num_u64(at + 1, UINT64_MAX, &start) < 0)
		return FOREIGN;
	return gv_proc_is_gone((pid_t)pid, start) ? GONE : LIVES;
}

/* Until when this machine's record keeps the cell; 0 if it does not. */
static int64_t
kept_until(const struct gv_engine *e, const char *run, const char *cell)
{
	gv_autofree char *id = gv_xasprintf("%s-%s", run, cell);
	struct gv_ledger r;
	struct gv_err err = GV_ERR_INIT;
	int64_t kept;

	if (gv_ledger_find(&r, e->state, id, &err) < 0)
		return 0;
	kept = r.kept;
	gv_ledger_release(&r);
	return kept;
}

static bool
to_be_reaped(const struct gv_engine *e, const struct gv_json *labels)
{
	struct gv_err err = GV_ERR_INIT;
	const char *run = "", *cell = "", *deadline, *who;
	int64_t now = (int64_t)time(NULL), kept;
	uint64_t until;

	if (gv_json_str_opt(labels, "dev.gover.run", &run, &err) < 0 ||
	    gv_json_str_opt(labels, "dev.gover.cell", &cell, &err) < 0 ||
	    gv_json_str(labels, "dev.gover.deadline", &deadline, &err) < 0 ||
	    gv_json_str(labels, "dev.gover.owner", &who, &err) < 0)
		return false;
	kept = run[0] != '\0' ? kept_until(e, run, cell) : 0;
	/* We cannot read the time, so the label is not ours. */
	if (gv_num_u64(deadline, INT64_MAX, &until) < 0)
		return false;
	if (kept > 0)
		return kept <= now;
	switch (fate_of(e, who)) {
	case LIVES:
		break;
	case GONE:
		return true;
	case FOREIGN:
		return (int64_t)until < now - FOREIGN_S;
	}
	return false;
}

static void
remove_one(struct gv_api *api, const char *kind, const char *name)
{
	gv_autofree char *escaped = gv_unix_escape(name), *path = gv_xasprintf("/%s/%s?force=1", kind, escaped);
	struct gv_err ignored = GV_ERR_INIT;

	if (gv_api_call(api, &(struct gv_api_request){ .method = "DELETE", .path = path, .also = 404 }, NULL, NULL,
			&ignored) < 0)
		gv_err_clear(&ignored);
}

static void
reap_list(struct gv_engine *e, struct gv_api *api, const struct gv_json *list, const char *kind, const char *name_key)
{
	for (size_t i = 0; i < gv_json_len(list); i++) {
		struct gv_err err = GV_ERR_INIT;
		struct gv_json one, labels;
		const char *name, *volume;

		if (gv_json_at(list, i, &one, &err) < 0 || gv_json_object(&one, "Labels", &labels, &err) < 0 ||
		    gv_json_str(&one, name_key, &name, &err) < 0 || !to_be_reaped(e, &labels))
			continue;
		if (gv_json_has(&labels, GV_DOCKER_FILLER) &&
		    gv_json_str(&labels, GV_DOCKER_FILLER, &volume, &err) == 0)
			gv_docker_cache_orphan(api, name, volume);
		else
			remove_one(api, kind, name);
	}
}

static void
docker_reap(struct gv_engine *e)
{
	static const char filter[] =
	    "%7B%22label%22%3A%5B%22dev.gover.owner%22%5D%7D"; /* {"label":["dev.gover.owner"]} */
	struct gv_docker *d = (struct gv_docker *)e;
	gv_autofree char *containers = gv_xasprintf("/containers/json?all=1&filters=%s", filter);
	gv_autofree char *volumes = gv_xasprintf("/volumes?filters=%s", filter);
	struct gv_err err = GV_ERR_INIT;

	gv_docker_settle(d);
	{
		gv_autojson struct gv_json reply = { 0 };

		if (gv_api_call(&d->api, &(struct gv_api_request){ .method = "GET", .path = containers }, &reply, NULL,
				&err) == 0)
			reap_list(e, &d->api, &reply, "containers", "Id");
	}
	{
		gv_autojson struct gv_json reply = { 0 };
		struct gv_json list;

		if (gv_api_call(&d->api, &(struct gv_api_request){ .method = "GET", .path = volumes }, &reply, NULL,
				&err) == 0 &&
		    gv_json_array(&reply, "Volumes", &list, &err) == 0)
			reap_list(e, &d->api, &list, "volumes", "Name");
	}
	if (e->info.remote)
		gv_docker_cache_sweep(d);
	gv_ledger_reap(e->state, e->scratch);
}

static void
docker_close(struct gv_engine *e)
{
	struct gv_docker *d = (struct gv_docker *)e;

	gv_docker_settle(d);
	gv_docker_let_go(d);
	gv_api_close(&d->api);
	gv_route_close(&d->route);
	pthread_mutex_destroy(&d->lock);
	free(d->image[0]);
	free(d->image[1]);
	free(d->owner);
	free(d);
}

static const struct gv_engine_ops ops = {
	.start = gv_docker_start,
	.read = gv_docker_read,
	.finish = gv_docker_finish,
	.keep = gv_docker_keep,
	.destroy = gv_docker_destroy,
	.enter = gv_docker_enter,
	.reap = docker_reap,
	.close = docker_close,
};

static bool
has_option(const struct gv_json *info, const char *option)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_json list;
	const char *s;

	if (gv_json_array(info, "SecurityOptions", &list, &err) < 0)
		return false;
	for (size_t i = 0; i < gv_json_len(&list); i++)
		if (gv_json_str_at(&list, i, &s, &err) == 0 && strstr(s, option) != NULL)
			return true;
	return false;
}

/* Podman's reply to Docker's /info does not show that it is rootless or cannot set limits (measured, 4.3). */
static int
read_podman_info(struct gv_docker *d, struct gv_err *err)
{
	gv_autojson struct gv_json info = { 0 };
	struct gv_json host, security, list;
	const char *name;

	if (gv_api_call(&d->api, &(struct gv_api_request){ .method = "GET", .path = "/libpod/info", .idle_s = 20 },
			&info, NULL, err) < 0 ||
	    gv_json_want_object(&info, err) < 0 || gv_json_object(&info, "host", &host, err) < 0 ||
	    gv_json_object(&host, "security", &security, err) < 0 ||
	    gv_json_bool(&security, "rootless", &d->base.info.rootless, err) < 0)
		return -1;
	if (!gv_json_has(&host, "cgroupControllers"))
		return 0;
	d->limits_memory = d->limits_pids = false;
	if (gv_json_array(&host, "cgroupControllers", &list, err) < 0)
		return -1;
	for (size_t i = 0; i < gv_json_len(&list); i++) {
		if (gv_json_str_at(&list, i, &name, err) < 0)
			return -1;
		d->limits_memory = d->limits_memory || strcmp(name, "memory") == 0;
		d->limits_pids = d->limits_pids || strcmp(name, "pids") == 0;
	}
	return 0;
}

/* An engine that does not report a limit is assumed to have it. */
static bool
limits(const struct gv_json *info, const char *what)
{
	struct gv_err err = GV_ERR_INIT;
	bool can = true;

	return !gv_json_has(info, what) || gv_json_bool(info, what, &can, &err) < 0 || can;
}

static int
read_info(struct gv_docker *d, struct gv_err *err)
{
	static const struct {
		const char *uname, *go;
	} names[] = { { "x86_64", "amd64" }, { "amd64", "amd64" }, { "aarch64", "arm64" }, { "arm64", "arm64" } };
	gv_autojson struct gv_json info = { 0 };
	const char *os = "", *arch = "", *version = "?", *ours = strchr(gv_platform_host(), '-') + 1;
	int64_t ncpu = 0;
	bool fits = false;

	if (gv_api_call(&d->api, &(struct gv_api_request){ .method = "GET", .path = "/info", .idle_s = 20 }, &info,
			NULL, err) < 0 ||
	    gv_json_want_object(&info, err) < 0 || gv_json_str(&info, "OSType", &os, err) < 0 ||
	    gv_json_str(&info, "Architecture", &arch, err) < 0 ||
	    gv_json_str_opt(&info, "ServerVersion", &version, err) < 0 ||
	    gv_json_int_opt(&info, "NCPU", &ncpu, err) < 0)
		return -1;
	for (size_t i = 0; i < GV_ARRAY_LEN(names); i++)
		fits = fits || (strcmp(names[i].uname, arch) == 0 && strcmp(names[i].go, ours) == 0);
	if (strcmp(os, "linux") != 0 || !fits)
		return gv_err_set(err, GV_EFAIL, "the engine runs containers for %s/%s, this gover is for %s", os, arch,
				  gv_platform_host());
	d->base.info.rootless = has_option(&info, "rootless");
	if (ncpu > 0)
		d->base.info.ncpu = (unsigned)ncpu;
	d->base.info.version = gv_xasprintf("%s, API %s", version, d->api.version);
	d->limits_memory = limits(&info, "MemoryLimit");
	d->limits_pids = limits(&info, "PidsLimit");
	return d->api.podman ? read_podman_info(d, err) : 0;
}

/*
 * Whatever is wrong at the far end, the tunnel accepts the connection and closes it again. So explain that case here.
 */
static int
open_api(struct gv_docker *d, const struct gv_endpoint *at, struct gv_err *err)
{
	if (gv_api_open(&d->api, &d->route.ep, err) == 0)
		return 0;
	if (err->code != GV_ENET || d->route.far == NULL)
		return -1;
	gv_err_set(err, GV_ENET, "ssh reaches '%s', but no engine answers there at '%s'", at->host, d->route.far);
	return gv_err_help(err, "check that the engine runs and that this user may use its socket, or name another: "
				"ssh://user@host/run/other.sock");
}

static struct gv_docker *
open_one(const char *agent, const struct gv_dirs *dirs, const struct gv_endpoint *at, struct gv_err *err)
{
	struct gv_docker *d = gv_xcalloc(1, sizeof(*d));

	gv_engine_init(&d->base, &ops, agent, dirs);
	d->base.info.daemon = true;
	pthread_mutex_init(&d->lock, NULL);
	if (gv_route_open(&d->route, at, err) < 0 || open_api(d, at, err) < 0 || read_info(d, err) < 0) {
		gv_engine_close(&d->base);
		return NULL;
	}
	d->owner = owner(&d->base);
	d->base.info.name = gv_xstrdup(d->api.podman ? "podman" : "docker");
	d->base.info.endpoint = gv_xstrdup(at->host);
	d->base.info.remote = d->route.remote;
	d->keep_id = d->api.podman && d->base.info.rootless;
	d->base.info.uid = geteuid() == 0 ? GV_ROOT_USER : (unsigned)geteuid();
	d->base.info.gid = geteuid() == 0 ? GV_ROOT_USER : (unsigned)getegid();
	return d;
}

/* Whether the engine at an endpoint is the one the user asked for (NULL: either). */
static bool
is_wanted(const struct gv_docker *d, const struct gv_endpoint *at, const char *name)
{
	return name == NULL || strcmp(d->base.info.name, name) == 0 || (at->asked && strcmp(name, "docker") == 0);
}

static struct gv_engine *
open_named(const char *name, const char *agent, const struct gv_dirs *dirs, struct gv_strv *why, struct gv_err *err)
{
	struct gv_docker *d = NULL;
	struct gv_endpoints list;

	gv_endpoints_find(&list, why);
	if (list.n == 0) {
		gv_strv_add(why, "docker, podman: no DOCKER_HOST, no context, no socket in the usual places");
		gv_err_set(err, GV_EFAIL, "no Docker or Podman engine found");
	}
	for (size_t i = 0; i < list.n && d == NULL; i++) {
		const struct gv_endpoint *at = &list.e[i];

		gv_err_clear(err);
		d = open_one(agent, dirs, at, err);
		if (d != NULL && !is_wanted(d, at, name)) {
			gv_err_set(err, GV_EFAIL, "'%s' is %s", at->host, d->base.info.name);
			gv_engine_close(&d->base);
			d = NULL;
		}
		gv_strv_take(
		    why, d != NULL
			     ? gv_xasprintf("%s: '%s' (%s), %s%s%s%s", d->base.info.name, at->host, at->from,
					    d->base.info.version, d->base.info.rootless ? ", rootless" : "",
					    d->limits_memory ? "" : "; it cannot limit memory, so the agent watches it",
					    d->limits_pids
						? ""
						: "; it cannot limit the number of processes, so the agent watches it")
			     : gv_xasprintf("docker, podman: '%s' (%s): %s", at->host, at->from, err->msg));
		if (d == NULL && err->code == GV_EINTR)
			break;
	}
	gv_endpoints_release(&list);
	return d != NULL ? &d->base : NULL;
}

struct gv_engine *
gv_docker_open(const char *agent, const struct gv_dirs *d, struct gv_strv *why, struct gv_err *err)
{
	return open_named("docker", agent, d, why, err);
}

struct gv_engine *
gv_podman_open(const char *agent, const struct gv_dirs *d, struct gv_strv *why, struct gv_err *err)
{
	return open_named("podman", agent, d, why, err);
}

struct gv_engine *
gv_daemon_open(const char *agent, const struct gv_dirs *d, struct gv_strv *why, struct gv_err *err)
{
	return open_named(NULL, agent, d, why, err);
}
