/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "engine/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/child.h"
#include "engine/ops.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

#define ASK_MS 10000 /* for a program that only prints its version */

const char *gv_engine_agent;

char *
gv_engine_program(const char *name)
{
	const char *path = getenv("PATH");

	for (const char *at = path; at != NULL && *at != '\0';) {
		size_t n = strcspn(at, ":");
		gv_autofree char *dir = gv_xstrndup(at, n), *file = gv_path_join(dir, name);

		if (dir[0] == '/' && gv_fs_is_program(file))
			return gv_steal_ptr(&file);
		at += n + (at[n] == ':');
	}
	return NULL;
}

/* Read what comes within ASK_MS; the rest is not waited for. */
static size_t
read_some(int fd, char *buf, size_t size)
{
	size_t len = 0;

	while (len + 1 < size) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		ssize_t n = poll(&p, 1, ASK_MS) == 1 ? read(fd, buf + len, size - 1 - len) : 0;

		if (n <= 0)
			break;
		len += (size_t)n;
	}
	buf[len] = '\0';
	return len;
}

char *
gv_engine_ask(char *const argv[], char *said, size_t said_size)
{
	static char *const no_env[] = { NULL };
	struct gv_child c = GV_CHILD_INIT;
	struct gv_err err = GV_ERR_INIT;
	char line[256] = "";
	bool good;

	said[0] = '\0';
	if (gv_child_start(&c, argv, no_env, NULL, 0, NULL, 0, &err) < 0)
		return NULL;
	fcntl(c.out, F_SETFL, 0);
	fcntl(c.err, F_SETFL, 0);
	read_some(c.out, line, sizeof(line));
	read_some(c.err, said, said_size);
	gv_child_stop(&c, 0);
	good = WIFEXITED(c.status) && WEXITSTATUS(c.status) == 0;
	gv_child_free(&c);
	line[strcspn(line, "\n")] = '\0';
	said[strcspn(said, "\n")] = '\0';
	return good && line[0] != '\0' ? gv_xstrdup(line) : NULL;
}

/* gover-agent: beside this program, else where it was installed. Caller frees. */
static char *
find_agent(struct gv_err *err)
{
	gv_autofree char *self = NULL, *beside = NULL;

	if (gv_engine_agent != NULL)
		return gv_xstrdup(gv_engine_agent);
	self = gv_path_self(err);
	if (self == NULL || !gv_path_parent(self))
		return NULL;
	beside = gv_path_join(self, "gover-agent");
	if (gv_fs_is_program(beside))
		return gv_steal_ptr(&beside);
	if (gv_fs_is_program(GV_LIBEXECDIR "/gover-agent"))
		return gv_xstrdup(GV_LIBEXECDIR "/gover-agent");
	gv_err_set(err, GV_EFAIL, "no 'gover-agent' beside '%s'", self);
	gv_err_help(err, "install gover again: its libexec directory is not complete");
	return NULL;
}

static struct gv_engine *
open_kind(enum gv_engine_kind kind, const char *agent, struct gv_strv *why, struct gv_err *err)
{
	struct gv_engine *e;

	switch (kind) {
	case GV_ENGINE_HOST:
		return gv_host_open(agent, why, err);
	case GV_ENGINE_BWRAP:
		return gv_bwrap_open(agent, why, err);
	case GV_ENGINE_DOCKER:
	case GV_ENGINE_PODMAN:
		return gv_docker_open(kind, agent, why, err);
	case GV_ENGINE_AUTO:
		break;
	}
	e = gv_docker_open(GV_ENGINE_AUTO, agent, why, err);
	if (e != NULL || err->code == GV_EINTR)
		return e;
	gv_err_clear(err);
	e = gv_bwrap_open(agent, why, err);
	if (e == NULL)
		gv_err_wrap(err, "no engine");
	return e;
}

uint64_t
gv_scratch_bytes(const struct gv_cell_spec *spec)
{
	return spec->memory_bytes > 0 && spec->scratch_bytes > spec->memory_bytes / 2 ? spec->memory_bytes / 2
										      : spec->scratch_bytes;
}

struct gv_engine *
gv_engine_open(enum gv_engine_kind kind, const struct gv_dirs *d, struct gv_strv *why, struct gv_err *err)
{
	gv_autofree char *agent = find_agent(err);
	struct gv_engine *e = agent != NULL ? open_kind(kind, agent, why, err) : NULL;

	if (e == NULL)
		return NULL;
	e->state = gv_xstrdup(d->state);
	e->scratch = gv_path_join(d->cache, "scratch");
	if (e->info.ncpu == 0)
		e->info.ncpu = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
	return e;
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

static bool
below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return strncmp(path, dir, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

/* Absolute, not "/", without empty parts, "." and ".."; and not where the sandbox has its own. */
static bool
is_place(const char *path)
{
	if (path[0] != '/' || path[1] == '\0' || below(path, "/proc") || below(path, "/sys") || below(path, "/dev"))
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
		/* Podman would make it, as root. */
		if (!gv_fs_exists(b->source))
			return gv_err_set(err, GV_EIO, "'%s' is missing, a cell needs it as '%s'", b->source,
					  b->target);
	}
	for (size_t i = 0; i < spec->tmpfs.n && bad == NULL; i++)
		bad = is_place(spec->tmpfs.v[i]) ? NULL : spec->tmpfs.v[i];
	return bad == NULL ? 0 : gv_err_set(err, GV_EUSAGE, "'%s' cannot be a place in a cell", bad);
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
