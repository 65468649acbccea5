/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "archive/tarwrite.h"
#include "cell/paths.h"
#include "docker/inner.h"
#include "engine/hostfiles.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"

void
gv_docker_mounts_release(struct gv_docker_mounts *ms)
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

/* Add binds, for an engine that sees our files: on the same host, not in a virtual machine. */
static void
add_binds(const struct gv_docker *d, const struct gv_cell_spec *spec, struct gv_docker_mounts *ms)
{
	struct gv_hostfiles h = { 0 };

	for (size_t i = 0; i < spec->n_binds; i++) {
		const struct gv_bind *b = &spec->binds[i];

		gv_docker_mounts_add(ms, NULL, b->source, b->target, b->writable);
	}
	if (spec->image != NULL)
		gv_docker_mounts_add(ms, NULL, d->base.agent, GV_CELL_AGENT, false);
	else if (spec->tools)
		gv_hostfiles_tools(&h);
	else if (spec->libc)
		gv_hostfiles_libc(&h);
	for (size_t i = 0; i < h.n_binds; i++)
		gv_docker_mounts_add(ms, NULL, h.binds[i].source, h.binds[i].target, false);
	gv_hostfiles_release(&h);
}

static int
create_volume(struct gv_docker_cell *c, const struct gv_cell_spec *spec, const char *name, struct gv_err *err)
{
	struct gv_jsonout j;

	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_str(&j, "Name", name);
	gv_docker_labels(&j, c, spec);
	gv_jsonout_close(&j, '}');
	gv_strv_add(&c->volumes, name);
	return gv_api_call(&c->api, &(struct gv_api_request){ .method = "POST", .path = "/volumes/create", .body = &j },
			   NULL, NULL, err);
}

/* The paths that need not be sent, because the agent would not copy them. */
static const struct gv_strv *
skipped_of(const struct gv_docker_mount *m, const struct gv_cell_spec *spec)
{
	const char *from = spec->plan.copy_from;

	return from != NULL && strcmp(m->target, from) == 0 ? &spec->plan.skip : NULL;
}

static int
fill(struct gv_docker_cell *c, const struct gv_cell_spec *spec, const char *filler, size_t i,
     const struct gv_docker_mount *m, struct gv_err *err)
{
	const struct gv_docker *d = (const struct gv_docker *)c->base.engine;
	bool owned = m->writable && (!d->base.info.rootless || d->keep_id);
	gv_autofree char *path = gv_xasprintf("/containers/%s/archive?path=/v%zu", filler, i);
	gv_autosource struct gv_source *tree = gv_tar_tree(
	    m->source, NULL, skipped_of(m, spec), owned ? d->base.info.uid : 0, owned ? d->base.info.gid : 0, err);

	if (tree == NULL || gv_api_call(&c->api,
					&(struct gv_api_request){
					    .method = "PUT", .path = path, .source = tree, .idle_s = GV_DOCKER_PUT_S },
					NULL, NULL, err) < 0)
		return gv_err_wrap(err, "copying '%s' to the engine", m->source);
	return 0;
}

/* Fill the volumes of this cell alone. */
static int
fill_own(struct gv_docker_cell *c, const struct gv_cell_spec *spec, const char *image,
	 const struct gv_docker_mounts *ms, struct gv_err *err)
{
	gv_autostrv struct gv_strv volumes = GV_STRV_INIT;
	gv_autofree char *filler = NULL;
	size_t k = 0;
	int rc = 0;

	for (size_t i = 0; i < ms->n; i++)
		if (ms->m[i].fill)
			gv_strv_add(&volumes, ms->m[i].volume);
	if (volumes.n == 0)
		return 0;
	filler = gv_docker_filler((struct gv_docker *)c->base.engine, &c->api, image, &volumes, err);
	if (filler == NULL)
		return -1;
	for (size_t i = 0; i < ms->n && rc == 0; i++)
		if (ms->m[i].fill)
			rc = fill(c, spec, filler, k++, &ms->m[i], err);
	/* If this fails, a later run removes it after its deadline. */
	gv_docker_discard(&c->api, "containers", filler);
	return rc;
}

static int
add_volumes(struct gv_docker_cell *c, const struct gv_cell_spec *spec, const char *image, struct gv_docker_mounts *ms,
	    struct gv_err *err)
{
	for (size_t i = 0; i < spec->n_binds; i++) {
		const struct gv_bind *b = &spec->binds[i];
		gv_autofree char *own = b->cache ? NULL : gv_xasprintf("%s-%zu", c->name, i);
		const char *name = own;

		if (!gv_fs_is_dir(b->source))
			return gv_err_set(err, GV_EUSAGE,
					  "'%s' is not a directory, and a remote engine takes only directories",
					  b->source);
		if (own != NULL ? create_volume(c, spec, own, err) < 0
				: (name = gv_docker_cache(c, b, image, err)) == NULL)
			return -1;
		gv_docker_mounts_add(ms, name, b->source, b->target, b->writable);
		ms->m[ms->n - 1].fill = own != NULL;
	}
	return 0;
}

/* The user's image has no agent, and a remote engine cannot mount ours. */
static int
add_agent(struct gv_docker_cell *c, const char *image, struct gv_docker_mounts *ms, struct gv_err *err)
{
	char target[] = GV_DOCKER_AGENT_DIR;
	const struct gv_bind b = { .source = c->base.engine->agent, .target = target, .cache = true };
	const char *name = gv_docker_cache(c, &b, image, err);

	if (name == NULL)
		return -1;
	gv_docker_mounts_add(ms, name, b.source, b.target, false);
	return 0;
}

/* A cell that may be kept has volumes as scratch, because a tmpfs vanishes when the container stops. */
static int
add_scratch(struct gv_docker_cell *c, const struct gv_cell_spec *spec, struct gv_docker_mounts *ms, struct gv_err *err)
{
	for (size_t i = 0; i < spec->tmpfs.n; i++) {
		gv_autofree char *name = gv_xasprintf("%s-s%zu", c->name, i);

		if (create_volume(c, spec, name, err) < 0)
			return -1;
		gv_docker_mounts_add(ms, name, "", spec->tmpfs.v[i], true);
	}
	return 0;
}

/* One thread at a time, so that each cached directory is sent once. */
static int
add_remote(struct gv_docker_cell *c, const struct gv_cell_spec *spec, const char *image, struct gv_docker_mounts *ms,
	   struct gv_err *err)
{
	struct gv_docker *d = (struct gv_docker *)c->base.engine;
	int rc;

	pthread_mutex_lock(&d->lock);
	rc = add_volumes(c, spec, image, ms, err);
	if (rc == 0 && spec->image != NULL)
		rc = add_agent(c, image, ms, err);
	pthread_mutex_unlock(&d->lock);
	return rc == 0 ? fill_own(c, spec, image, ms, err) : -1;
}

/*
 * Refuse paths that Podman (4.3) misreads. It turns mounts into options of its command line ("--mount
 * type=bind,source=S,...", "--tmpfs TARGET:OPTIONS") and reads these again without any quoting.
 */
static int
check_podman(const struct gv_cell_spec *spec, const struct gv_docker_mounts *ms, struct gv_err *err)
{
	const char *bad = NULL;

	for (size_t i = 0; i < ms->n; i++)
		bad = strpbrk(ms->m[i].source, ",\"")   ? ms->m[i].source
		      : strpbrk(ms->m[i].target, ",\"") ? ms->m[i].target
							: bad;
	for (size_t i = 0; i < spec->tmpfs.n; i++)
		bad = strpbrk(spec->tmpfs.v[i], ":,\"") ? spec->tmpfs.v[i] : bad;
	if (bad == NULL)
		return 0;
	gv_err_set(err, GV_EUSAGE, "Podman cannot mount '%s': it takes the colon, comma or quote for its own", bad);
	return gv_err_help(err, "move the directory, or use another engine");
}

int
gv_docker_places(struct gv_docker_cell *c, const struct gv_cell_spec *spec, const char *image,
		 struct gv_docker_mounts *ms, struct gv_err *err)
{
	struct gv_docker *d = (struct gv_docker *)c->base.engine;

	if (!c->remote)
		add_binds(d, spec, ms);
	else if (add_remote(c, spec, image, ms, err) < 0)
		return -1;
	if (d->api.podman && check_podman(spec, ms, err) < 0)
		return -1;
	return spec->keep ? add_scratch(c, spec, ms, err) : 0;
}

void
gv_docker_remove_volumes(struct gv_docker_cell *c)
{
	for (size_t i = 0; i < c->volumes.n; i++) {
		gv_autofree char *path = gv_xasprintf("/volumes/%s?force=1", c->volumes.v[i]);
		struct gv_err ignored = GV_ERR_INIT;

		/* If this fails, a later run removes it after its deadline. */
		if (gv_api_call(
			&c->api,
			&(struct gv_api_request){
			    .method = "DELETE", .path = path, .also = 404, .cleanup = true, .idle_s = c->lost ? 5 : 0 },
			NULL, NULL, &ignored) < 0)
			gv_err_clear(&ignored);
	}
}
