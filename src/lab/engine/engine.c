/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "engine/engine.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/ops.h"
#include "util/alloc.h"
#include "util/fs.h"
#include "util/path.h"

uint64_t
gv_scratch_bytes(const struct gv_cell_spec *spec)
{
	return spec->memory_bytes > 0 && spec->scratch_bytes > spec->memory_bytes / 2 ? spec->memory_bytes / 2
										      : spec->scratch_bytes;
}

void
gv_engine_init(struct gv_engine *e, const struct gv_engine_ops *ops, const char *agent, const struct gv_dirs *d)
{
	e->ops = ops;
	e->agent = gv_xstrdup(agent);
	e->state = gv_xstrdup(d->state);
	e->scratch = gv_path_join(d->cache, "scratch");
	e->info.ncpu = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
}

const struct gv_engine_info *
gv_engine_info(const struct gv_engine *e)
{
	return &e->info;
}

void
gv_engine_close(struct gv_engine *e)
{
	if (e == NULL)
		return;
	free(e->info.name);
	free(e->info.version);
	free(e->info.endpoint);
	free(e->agent);
	free(e->state);
	free(e->scratch);
	e->ops->close(e);
}

/*
 * Whether `path` is absolute, not "/", has no empty part, "." or "..", and is not one that every sandbox has of its
 * own.
 */
static bool
is_place(const char *path)
{
	if (path[0] != '/' || path[1] == '\0' || gv_path_is_below(path, "/proc") || gv_path_is_below(path, "/sys") ||
	    gv_path_is_below(path, "/dev"))
		return false;
	for (const char *p = path; *p != '\0';) {
		size_t n = strcspn(p + 1, "/");

		if (n == 0 || (n == 1 && p[1] == '.') || (n == 2 && p[1] == '.' && p[2] == '.'))
			return false;
		p += n + 1;
	}
	return true;
}

static int
check_places(const struct gv_cell_spec *spec, struct gv_err *err)
{
	const char *bad = NULL;

	for (size_t i = 0; i < spec->n_binds && bad == NULL; i++) {
		const struct gv_bind *b = &spec->binds[i];

		bad = is_place(b->target) ? NULL : b->target;
		/* Podman would create a missing source, as root. */
		if (!gv_fs_exists(b->source))
			return gv_err_set(err, GV_EIO, "'%s' is missing; the cell needs it at '%s'", b->source,
					  b->target);
	}
	for (size_t i = 0; i < spec->tmpfs.n && bad == NULL; i++)
		bad = is_place(spec->tmpfs.v[i]) ? NULL : spec->tmpfs.v[i];
	return bad == NULL ? 0 : gv_err_set(err, GV_EUSAGE, "'%s' cannot be a mount point in a cell", bad);
}

struct gv_cell *
gv_cell_start(struct gv_engine *e, const struct gv_cell_spec *spec, struct gv_err *err)
{
	if (check_places(spec, err) < 0)
		return NULL;
	return e->ops->start(e, spec, err);
}

int
gv_cell_read(struct gv_cell *c, char **json, size_t *len, struct gv_err *err)
{
	return c->engine->ops->read(c, json, len, err);
}

int
gv_cell_finish(struct gv_cell *c, struct gv_cell_end *end, struct gv_err *err)
{
	return c->engine->ops->finish(c, end, err);
}

int
gv_cell_keep(struct gv_cell *c, int64_t until, struct gv_err *err)
{
	return c->engine->ops->keep(c, until, err);
}

const char *
gv_cell_id(const struct gv_cell *c)
{
	return c->id;
}

void
gv_cell_destroy(struct gv_cell *c)
{
	if (c != NULL)
		c->engine->ops->destroy(c);
}

int
gv_engine_enter(struct gv_engine *e, const char *id, char *const argv[], int *status, struct gv_err *err)
{
	return e->ops->enter(e, id, argv, status, err);
}

void
gv_engine_reap(struct gv_engine *e)
{
	e->ops->reap(e);
}
