/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cell/paths.h"
#include "local/bwrap.h"
#include "local/cell.h"
#include "local/local.h"
#include "local/mounts.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/num.h"
#include "util/path.h"
#include "util/spawn.h"

#define ASK_MS     10000 /* for a program that only prints its version */
#define ANSWER_MAX 4096

/* A cell that may be kept gets directories as scratch, because they outlive the mount namespace. */
static int
add_kept_scratch(struct gv_mounts *m, struct gv_local_cell *c, const struct gv_cell_spec *spec, struct gv_err *err)
{
	const struct bwrap *b = (const struct bwrap *)c->base.engine;
	gv_autofree char *top = gv_path_join(b->base.scratch, c->base.id);

	gv_strv_add(&c->ledger.remove, top);
	for (size_t i = 0; i < spec->tmpfs.n; i++) {
		gv_autofree char *dir = gv_xasprintf("%s/%zu", top, i);

		if (gv_fs_mkdir_p(dir, err) < 0)
			return -1;
		if ((strcmp(spec->tmpfs.v[i], "/tmp") == 0 && chmod(dir, 01777) < 0) ||
		    (b->root && chown(dir, GV_ROOT_USER, GV_ROOT_USER) < 0))
			return gv_err_sys(err, GV_EIO, "cannot prepare '%s'", dir);
		gv_mounts_bind(m, dir, spec->tmpfs.v[i], true);
	}
	return 0;
}

static int
fill_mounts(struct gv_mounts *m, struct gv_local_cell *c, const struct gv_cell_spec *spec, struct gv_err *err)
{
	const struct bwrap *b = (const struct bwrap *)c->base.engine;

	gv_mounts_base(m, b->base.info.uid, b->base.info.gid, gv_scratch_bytes(spec));
	gv_mounts_bind(m, b->base.agent, GV_CELL_AGENT, false);
	if (spec->libc || spec->tools)
		gv_mounts_host(m, spec->tools);
	if (c->cgroup.memory != NULL)
		gv_mounts_bind(m, c->cgroup.memory, c->cgroup.version == 2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory",
			       false);
	for (size_t i = 0; i < spec->n_binds; i++)
		gv_mounts_bind(m, spec->binds[i].source, spec->binds[i].target, spec->binds[i].writable);
	if (spec->keep && add_kept_scratch(m, c, spec, err) < 0)
		return -1;
	for (size_t i = 0; i < spec->tmpfs.n && !spec->keep; i++)
		gv_mounts_tmpfs(m, spec->tmpfs.v[i], gv_scratch_bytes(spec));
	return 0;
}

static void
fill_ledger(struct gv_local_cell *c, const struct gv_cell_spec *spec, const struct gv_mounts *m)
{
	struct gv_ledger *r = &c->ledger;

	if (!spec->keep)
		return;
	r->dir = gv_xstrdup(spec->plan.dir);
	r->memory_bytes = spec->memory_bytes;
	r->cpus_milli = spec->cpus_milli;
	r->pids = spec->pids;
	for (size_t i = 0; i < spec->plan.env.n; i++)
		gv_strv_add(&r->env, spec->plan.env.v[i]);
	for (size_t i = 0; i < m->n; i++)
		if (m->m[i].kind == GV_MOUNT_BIND && strncmp(m->m[i].target, "/sys/", 5) != 0)
			gv_ledger_add_bind(r, m->m[i].source, m->m[i].target, m->m[i].writable);
}

static int
launch(struct gv_local_cell *c, const struct gv_cell_spec *spec, struct gv_mounts *m, struct gv_err *err)
{
	const struct bwrap *b = (const struct bwrap *)c->base.engine;
	struct gv_plan plan = spec->plan; /* shallow copy, to add the engine's own fields */
	gv_autostrv struct gv_strv argv = GV_STRV_INIT;
	size_t n_fds = 0;
	int rc, fds[GV_MOUNT_FILES_MAX];

	plan.watch_memory = c->cgroup.limits_memory ? 0 : spec->memory_bytes;
	plan.watch_pids = c->cgroup.limits_pids ? 0 : spec->pids;
	if (b->root) {
		plan.uid = plan.gid = GV_ROOT_USER;
		plan.own = spec->keep ? (struct gv_strv)GV_STRV_INIT : spec->tmpfs;
	}
	gv_bwrap_args(&argv, b, true);
	rc = gv_mounts_bwrap(m, &argv, fds, &n_fds, err);
	gv_strv_add(&argv, "--chdir");
	gv_strv_add(&argv, "/");
	gv_strv_add(&argv, "--as-pid-1");
	gv_strv_add(&argv, "--");
	gv_strv_add(&argv, GV_CELL_AGENT);
	gv_strv_add(&argv, "--cell");
	gv_strv_add(&argv, c->base.id);
	if (rc == 0)
		rc = gv_child_start(&c->child, argv.v, &plan, fds, n_fds, &c->cgroup, err);
	for (size_t i = 0; i < n_fds; i++)
		close(fds[i]);
	return rc;
}

static struct gv_cell *
bwrap_start(struct gv_engine *e, const struct gv_cell_spec *spec, struct gv_err *err)
{
	struct bwrap *b = (struct bwrap *)e;
	gv_auto_mounts struct gv_mounts m = { .sizes = b->sizes };
	struct gv_local_cell *c = gv_local_new(e, &b->places, spec, err);

	if (c == NULL)
		return NULL;
	if (fill_mounts(&m, c, spec, err) < 0)
		goto fail;
	fill_ledger(c, spec, &m);
	if (gv_ledger_create(&c->ledger, e->state, c->base.id, err) < 0 || launch(c, spec, &m, err) < 0)
		goto fail;
	return &c->base;
fail:
	gv_local_destroy(&c->base);
	return NULL;
}

static void
bwrap_close(struct gv_engine *e)
{
	struct bwrap *b = (struct bwrap *)e;

	gv_cgroup_places_release(&b->places);
	free(b->program);
	free(b);
}

static const struct gv_engine_ops ops = {
	.start = bwrap_start,
	.read = gv_local_read,
	.finish = gv_local_finish,
	.keep = gv_local_keep,
	.destroy = gv_local_destroy,
	.enter = gv_bwrap_enter,
	.reap = gv_local_reap,
	.close = bwrap_close,
};

/* Run a program that only prints something, with an empty environment. Caller frees said->out. */
static int
ask(struct gv_said *said, char *const argv[], struct gv_err *err)
{
	struct gv_spawn s = { .argv = argv, .envp = (char *[]){ NULL }, .session = true, .ends_with_us = true };

	return gv_spawn_ask(said, s, NULL, ANSWER_MAX, ASK_MS, err);
}

/* Make an empty sandbox. Kernels and distributions forbid sandboxes in many ways, so we have to try. */
static int
try_sandbox(const struct bwrap *b, struct gv_err *err)
{
	gv_autostrv struct gv_strv a = GV_STRV_INIT;
	struct gv_said said;
	bool good;

	gv_bwrap_args(&a, b, true);
	gv_strv_add(&a, "--ro-bind");
	gv_strv_add(&a, b->base.agent);
	gv_strv_add(&a, GV_CELL_AGENT);
	gv_strv_add(&a, "--proc");
	gv_strv_add(&a, "/proc");
	gv_strv_add(&a, "--dev");
	gv_strv_add(&a, "/dev");
	gv_strv_add(&a, "--as-pid-1");
	gv_strv_add(&a, "--");
	gv_strv_add(&a, GV_CELL_AGENT);
	gv_strv_add(&a, "--version");
	if (ask(&said, a.v, err) < 0)
		return -1;
	good = said.status == 0 && strncmp(said.out, "gover-agent ", 12) == 0;
	free(said.out);
	if (good)
		return 0;
	return gv_err_set(err, GV_EFAIL, "'%s' cannot make a sandbox here: %.*s", b->program,
			  (int)strcspn(said.tail.text, "\n"), said.tail.text);
}

/* The minor version in "bubblewrap 0.8.0"; a large number for major 1 or later; -1 for other text. */
static int
version_of(const char *said)
{
	static const char name[] = "bubblewrap ";
	uint64_t major = 0, minor = 0;
	const char *dot;

	if (strncmp(said, name, strlen(name)) != 0)
		return -1;
	dot = gv_num_prefix(said + strlen(name), INT_MAX, &major);
	if (dot == NULL || *dot != '.' || gv_num_prefix(dot + 1, INT_MAX, &minor) == NULL)
		return -1;
	return major > 0 ? INT_MAX : (int)minor;
}

static int
look(struct bwrap *b, struct gv_strv *why, struct gv_err *err)
{
	const char *path = getenv("PATH");
	int minor;
	struct gv_said said;

	b->program = gv_path_program(&path, "bwrap");
	if (b->program == NULL) {
		gv_err_set(err, GV_EFAIL, "no program 'bwrap' on PATH");
		return gv_err_help(err, "install bubblewrap, or start Docker or Podman");
	}
	if (ask(&said, (char *const[]){ b->program, (char[]){ "--version" }, NULL }, err) < 0)
		return -1;
	said.out[strcspn(said.out, "\n")] = '\0';
	b->base.info.version = said.out;
	minor = version_of(said.out);
	if (said.status != 0 || minor < 5)
		return gv_err_set(err, GV_EFAIL, "'%s' is not bubblewrap 0.5 or later", b->program);
	b->sizes = minor >= 7;
	b->disable_userns = minor >= 8;
	b->root = geteuid() == 0;
	b->base.info.uid = b->root ? GV_ROOT_USER : (unsigned)geteuid();
	b->base.info.gid = b->root ? GV_ROOT_USER : (unsigned)getegid();
	b->base.info.rootless = !b->root;
	if (try_sandbox(b, err) < 0)
		return -1;
	gv_cgroup_find(&b->places, why);
	return 0;
}

struct gv_engine *
gv_bwrap_open(const char *agent, const struct gv_dirs *d, struct gv_strv *why, struct gv_err *err)
{
	struct bwrap *b = gv_xcalloc(1, sizeof(*b));

	gv_engine_init(&b->base, &ops, agent, d);
	b->base.info.name = gv_xstrdup("bwrap");
	if (look(b, why, err) < 0) {
		gv_strv_take(why, gv_xasprintf("bwrap: %s", err->msg));
		gv_engine_close(&b->base);
		return NULL;
	}
	b->base.info.endpoint = gv_xstrdup(b->program);
	gv_strv_take(why, gv_xasprintf("bwrap: %s, '%s'%s", b->base.info.version, b->program,
				       b->root ? ", cells run as uid 1000" : ""));
	return &b->base;
}
