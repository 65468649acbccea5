/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/docker.h"
#include "engine/hostfiles.h"
#include "engine/tar.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "verify/hash.h"

#define COMPLETE ".gover-complete" /* the last thing put into a volume that several cells use */

void
gv_docker_mounts_free(struct gv_docker_mounts *ms)
{
	for (size_t i = 0; i < ms->n; i++) {
		free(ms->m[i].volume);
		free(ms->m[i].source);
		free(ms->m[i].target);
	}
	free(ms->m);
	*ms = (struct gv_docker_mounts){ 0 };
}

void
gv_docker_mounts_add(struct gv_docker_mounts *ms, const char *volume, const char *source, const char *target,
		     bool writable)
{
	ms->m = gv_xreallocarray(ms->m, ms->n + 1, sizeof(*ms->m));
	ms->m[ms->n++] = (struct gv_docker_mount){
		.volume = volume != NULL ? gv_xstrdup(volume) : NULL,
		.source = gv_xstrdup(source),
		.target = gv_xstrdup(target),
		.writable = writable,
	};
}

/* Where the engine sees our files: an engine of the same host, without a virtual machine between. */
static void
add_binds(const struct gv_docker *d, const struct gv_cell_spec *spec, struct gv_docker_mounts *ms)
{
	struct gv_hostfiles h = { 0 };

	for (size_t i = 0; i < spec->n_binds; i++) {
		const struct gv_bind *b = &spec->binds[i];

		gv_docker_mounts_add(ms, NULL, b->source, b->target, b->writable);
	}
	if (spec->image != NULL)
		gv_docker_mounts_add(ms, NULL, d->base.agent, "/gover/agent", false);
	else if (spec->tools)
		gv_hostfiles_tools(&h);
	else if (spec->libc)
		gv_hostfiles_libc(&h);
	for (size_t i = 0; i < h.n_binds; i++)
		gv_docker_mounts_add(ms, NULL, h.binds[i].source, h.binds[i].target, false);
	gv_hostfiles_free(&h);
}

static int
create_volume(struct gv_docker_cell *c, const struct gv_cell_spec *spec, const char *name, bool shared,
	      struct gv_err *err)
{
	struct gv_jsonout j;

	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_str(&j, "Name", name);
	if (shared) {
		gv_jsonout_open(&j, "Labels", '{');
		gv_jsonout_str(&j, "dev.gover.cache", "1");
		gv_jsonout_close(&j, '}');
	} else {
		gv_docker_labels(&j, c, spec);
	}
	gv_jsonout_close(&j, '}');
	if (!shared)
		gv_strv_add(&c->volumes, name);
	return gv_api_call(&c->api, &(struct gv_api_request){ .method = "POST", .path = "/volumes/create", .body = &j },
			   NULL, NULL, err);
}

/*
 * The volume for a bind: of this cell, or, for what is kept between cells, named after the directory: its path and, when it is
 * read-only and so not to be filled again, which one that is now.
 */
static char *
volume_name(const struct gv_docker_cell *c, const struct gv_bind *b, size_t i)
{
	gv_autofree char *key = NULL;
	uint8_t sum[GV_SHA256_LEN];
	char hex[GV_SHA256_HEX];
	struct stat st = { 0 };

	if (!b->cache)
		return gv_xasprintf("%s-%zu", c->name, i);
	if (!b->writable && stat(b->source, &st) < 0)
		st = (struct stat){ 0 };
	key = gv_xasprintf("1 %s %" PRIdMAX " %" PRIdMAX, b->source, (intmax_t)st.st_ino, (intmax_t)st.st_ctime);
	gv_sha256_of(key, strlen(key), sum);
	gv_hex(hex, sum, sizeof(sum));
	return gv_xasprintf("gover-cache-%.24s", hex);
}

/* A container that never starts, only so that files can be put into its volumes, at /v0, /v1 ... Its id; caller frees. */
static char *
create_filler(struct gv_docker_cell *c, const struct gv_cell_spec *spec, const char *image,
	      const struct gv_docker_mounts *ms, struct gv_err *err)
{
	gv_autojson struct gv_json reply = { 0 };
	const char *id;
	struct gv_jsonout j;

	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_str(&j, "Image", image);
	gv_jsonout_open(&j, "Entrypoint", '[');
	gv_jsonout_str(&j, NULL, "/gover/agent");
	gv_jsonout_close(&j, ']');
	gv_docker_labels(&j, c, spec);
	gv_jsonout_open(&j, "HostConfig", '{');
	gv_jsonout_str(&j, "NetworkMode", "none");
	gv_jsonout_open(&j, "Mounts", '[');
	for (size_t i = 0; i < ms->n; i++) {
		gv_autofree char *target = gv_xasprintf("/v%zu", i);

		if (ms->m[i].volume == NULL)
			continue;
		gv_jsonout_open(&j, NULL, '{');
		gv_jsonout_str(&j, "Type", "volume");
		gv_jsonout_str(&j, "Source", ms->m[i].volume);
		gv_jsonout_str(&j, "Target", target);
		gv_jsonout_close(&j, '}');
	}
	gv_jsonout_close(&j, ']');
	gv_jsonout_close(&j, '}');
	gv_jsonout_close(&j, '}');
	if (gv_api_call(&c->api, &(struct gv_api_request){ .method = "POST", .path = "/containers/create", .body = &j },
			&reply, NULL, err) < 0 ||
	    gv_json_str(&reply, "Id", &id, err) < 0)
		return NULL;
	return gv_xstrdup(id);
}

static int
put(struct gv_docker_cell *c, const char *filler, size_t i, const struct gv_api_request *what, struct gv_err *err)
{
	gv_autofree char *path = gv_xasprintf("/containers/%s/archive?path=/v%zu", filler, i);
	struct gv_api_request req = *what;

	req.method = "PUT";
	req.path = path;
	req.idle_s = 120;
	return gv_api_call(&c->api, &req, NULL, NULL, err);
}

/* Whether volume i was filled by an earlier cell: 1, 0, -1. */
static int
is_complete(struct gv_docker_cell *c, const char *filler, size_t i, struct gv_err *err)
{
	gv_autofree char *path = gv_xasprintf("/containers/%s/archive?path=/v%zu/" COMPLETE, filler, i);
	long status = 0;

	if (gv_api_call(&c->api, &(struct gv_api_request){ .method = "HEAD", .path = path, .also = 404 }, NULL, &status,
			err) < 0)
		return -1;
	return status != 404;
}

static int
fill(struct gv_docker_cell *c, const char *filler, size_t i, const struct gv_docker_mount *m, bool shared,
     const struct gv_strv *skip, struct gv_err *err)
{
	const struct gv_docker *d = (const struct gv_docker *)c->base.engine;
	unsigned uid = m->writable ? d->base.info.uid : 0, gid = m->writable ? d->base.info.gid : 0;
	gv_autosource struct gv_source *tree = NULL;
	gv_autostr struct gv_str mark = GV_STR_INIT(64 << 10);
	int done = shared ? is_complete(c, filler, i, err) : 0;

	if (done != 0)
		return done < 0 ? -1 : 0;
	tree = gv_tar_tree(m->source, gv_fs_is_dir(m->source) ? NULL : "agent", skip, d->base.info.rootless ? 0 : uid,
			   d->base.info.rootless ? 0 : gid, err);
	if (tree == NULL || put(c, filler, i, &(struct gv_api_request){ .source = tree }, err) < 0)
		return gv_err_wrap(err, "copying '%s' to the engine", m->source);
	if (!shared)
		return 0;
	gv_tar_file(&mark, COMPLETE, 0444, "", 0);
	gv_tar_end(&mark);
	return put(c, filler, i, &(struct gv_api_request){ .tar = mark.buf, .tar_len = mark.len }, err);
}

static bool
is_shared(const struct gv_docker_mount *m)
{
	return strncmp(m->volume, "gover-cache-", 12) == 0;
}

/* What the agent would not copy need not get there. */
static const struct gv_strv *
skipped_of(const struct gv_docker_mount *m, const struct gv_cell_spec *spec)
{
	const char *from = spec->plan.copy_from;

	return from != NULL && strcmp(m->target, from) == 0 ? &spec->plan.skip : NULL;
}

/* A cache that cells write begins empty. */
static int
fill_all(struct gv_docker_cell *c, const struct gv_cell_spec *spec, const char *image,
	 const struct gv_docker_mounts *ms, struct gv_err *err)
{
	gv_autofree char *filler = create_filler(c, spec, image, ms, err), *path = NULL;
	struct gv_err ignored = GV_ERR_INIT;
	int rc = filler != NULL ? 0 : -1;

	for (size_t i = 0; i < ms->n && rc == 0; i++)
		if (ms->m[i].volume != NULL && ms->m[i].source[0] != '\0' &&
		    !(ms->m[i].writable && is_shared(&ms->m[i])))
			rc = fill(c, filler, i, &ms->m[i], is_shared(&ms->m[i]), skipped_of(&ms->m[i], spec), err);
	if (filler == NULL)
		return -1;
	path = gv_xasprintf("/containers/%s?force=1", filler);
	/* One that stays behind is removed when its deadline is over. */
	if (gv_api_call(&c->api, &(struct gv_api_request){ .method = "DELETE", .path = path, .cleanup = true }, NULL,
			NULL, &ignored) < 0)
		gv_err_clear(&ignored);
	return rc;
}

static int
add_volumes(struct gv_docker_cell *c, const struct gv_cell_spec *spec, struct gv_docker_mounts *ms, struct gv_err *err)
{
	for (size_t i = 0; i < spec->n_binds; i++) {
		const struct gv_bind *b = &spec->binds[i];
		gv_autofree char *name = volume_name(c, b, i);

		if (!gv_fs_is_dir(b->source))
			return gv_err_set(err, GV_EUSAGE, "'%s' is no directory, and this engine takes only those",
					  b->source);
		if (create_volume(c, spec, name, b->cache, err) < 0)
			return -1;
		gv_docker_mounts_add(ms, name, b->source, b->target, b->writable);
	}
	return 0;
}

/* Another image has no agent, and cannot have one mounted. */
static int
add_agent(struct gv_docker_cell *c, const struct gv_cell_spec *spec, struct gv_docker_mounts *ms, struct gv_err *err)
{
	char target[] = GV_DOCKER_AGENT_DIR;
	const struct gv_bind b = { .source = c->base.engine->agent, .target = target, .cache = true };
	gv_autofree char *name = volume_name(c, &b, 0);

	if (create_volume(c, spec, name, true, err) < 0)
		return -1;
	gv_docker_mounts_add(ms, name, b.source, b.target, false);
	return 0;
}

/* The scratch of a cell that may be kept: tmpfs would be gone when it stops. */
static int
add_scratch(struct gv_docker_cell *c, const struct gv_cell_spec *spec, struct gv_docker_mounts *ms, struct gv_err *err)
{
	for (size_t i = 0; i < spec->tmpfs.n; i++) {
		gv_autofree char *name = gv_xasprintf("%s-s%zu", c->name, i);

		if (create_volume(c, spec, name, false, err) < 0)
			return -1;
		gv_docker_mounts_add(ms, name, "", spec->tmpfs.v[i], true);
	}
	return 0;
}

int
gv_docker_places(struct gv_docker_cell *c, const struct gv_cell_spec *spec, const char *image,
		 struct gv_docker_mounts *ms, struct gv_err *err)
{
	struct gv_docker *d = (struct gv_docker *)c->base.engine;
	int rc;

	if (!d->base.info.remote) {
		add_binds(d, spec, ms);
	} else if (add_volumes(c, spec, ms, err) < 0 || (spec->image != NULL && add_agent(c, spec, ms, err) < 0)) {
		return -1;
	}
	if (spec->keep && add_scratch(c, spec, ms, err) < 0)
		return -1;
	if (!d->base.info.remote)
		return 0;
	pthread_mutex_lock(&d->lock);
	rc = fill_all(c, spec, image, ms, err);
	pthread_mutex_unlock(&d->lock);
	return rc;
}

void
gv_docker_remove_volumes(struct gv_docker_cell *c)
{
	for (size_t i = 0; i < c->volumes.n; i++) {
		gv_autofree char *path = gv_xasprintf("/volumes/%s?force=1", c->volumes.v[i]);
		struct gv_err ignored = GV_ERR_INIT;

		/* One that stays behind is removed when its deadline is over. */
		if (gv_api_call(
			&c->api,
			&(struct gv_api_request){
			    .method = "DELETE", .path = path, .also = 404, .cleanup = true, .idle_s = c->lost ? 5 : 0 },
			NULL, NULL, &ignored) < 0)
			gv_err_clear(&ignored);
	}
}
