/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/bwrap.h"
#include "engine/local_cell.h"
#include "engine/mounts.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

void
gv_bwrap_args(struct gv_strv *a, const struct bwrap *b, bool session)
{
	static const char *const all[] = {
		"--unshare-pid", "--unshare-net", "--unshare-ipc",     "--unshare-uts", "--hostname",
		"gover",         "--clearenv",    "--die-with-parent", "--cap-drop",    "ALL"
	};

	gv_strv_add(a, b->program);
	for (size_t i = 0; i < GV_ARRAY_LEN(all); i++)
		gv_strv_add(a, all[i]);
	if (session)
		gv_strv_add(a, "--new-session");
	if (b->root) {
		static const char *const caps[] = { "CAP_CHOWN", "CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP" };

		/* For the agent's change of user, and gone after it. */
		for (size_t i = 0; i < GV_ARRAY_LEN(caps); i++) {
			gv_strv_add(a, "--cap-add");
			gv_strv_add(a, caps[i]);
		}
		return;
	}
	gv_strv_add(a, "--unshare-user");
	if (b->disable_userns)
		gv_strv_add(a, "--disable-userns");
	gv_strv_add(a, "--uid");
	gv_strv_take(a, gv_xasprintf("%u", b->base.info.uid));
	gv_strv_add(a, "--gid");
	gv_strv_take(a, gv_xasprintf("%u", b->base.info.gid));
}

static char *const no_env[] = { NULL };

/* Scratch of a cell that may be kept: directories, which outlive the mount namespace. */
static int
add_kept_scratch(struct gv_mounts *m, struct gv_local_cell *c, const struct gv_cell_spec *spec, struct gv_err *err)
{
	const struct bwrap *b = (const struct bwrap *)c->base.engine;
	gv_autofree char *top = gv_path_join(b->base.scratch, c->base.id);

	gv_strv_add(&c->record.remove, top);
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
	gv_mounts_bind(m, b->base.agent, "/gover/agent", false);
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
fill_record(struct gv_local_cell *c, const struct gv_cell_spec *spec, const struct gv_mounts *m)
{
	struct gv_record *r = &c->record;

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
			gv_record_add_bind(r, m->m[i].source, m->m[i].target, m->m[i].writable);
}

static int
launch(struct gv_local_cell *c, const struct gv_cell_spec *spec, struct gv_mounts *m, struct gv_err *err)
{
	const struct bwrap *b = (const struct bwrap *)c->base.engine;
	struct gv_plan plan = spec->plan; /* shallow: the engine's own fields are added */
	gv_autostrv struct gv_strv argv = GV_STRV_INIT;
	gv_autofree char *text = NULL;
	size_t n_fds = 0;
	int rc, fds[GV_MOUNT_FILES_MAX];

	plan.watch_memory = c->cgroup.limits_memory ? 0 : spec->memory_bytes;
	plan.watch_pids = c->cgroup.limits_pids ? 0 : spec->pids;
	if (b->root) {
		plan.uid = plan.gid = GV_ROOT_USER;
		plan.own = spec->keep ? NULL : &spec->tmpfs;
	}
	text = gv_plan_text(&plan, err);
	if (text == NULL)
		return -1;
	gv_bwrap_args(&argv, b, true);
	rc = gv_mounts_bwrap(m, &argv, fds, &n_fds, err);
	gv_strv_add(&argv, "--chdir");
	gv_strv_add(&argv, "/");
	gv_strv_add(&argv, "--as-pid-1");
	gv_strv_add(&argv, "--");
	gv_strv_add(&argv, "/gover/agent");
	gv_strv_take(&argv, gv_steal_ptr(&text));
	if (rc == 0)
		rc = gv_child_start(&c->child, argv.v, no_env, fds, n_fds, &c->cgroup, plan.deadline_s, err);
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
	fill_record(c, spec, &m);
	if (gv_record_create(&c->record, e->state, c->base.id, err) < 0 || launch(c, spec, &m, err) < 0)
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

	gv_cgroup_places_free(&b->places);
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

/* Make an empty sandbox: kernels and distributions forbid it in many ways, and only trying tells. */
static int
try_sandbox(const struct bwrap *b, struct gv_err *err)
{
	gv_autostrv struct gv_strv a = GV_STRV_INIT;
	gv_autofree char *answer = NULL;
	char said[512];

	gv_bwrap_args(&a, b, true);
	gv_strv_add(&a, "--ro-bind");
	gv_strv_add(&a, b->base.agent);
	gv_strv_add(&a, "/gover/agent");
	gv_strv_add(&a, "--proc");
	gv_strv_add(&a, "/proc");
	gv_strv_add(&a, "--dev");
	gv_strv_add(&a, "/dev");
	gv_strv_add(&a, "--as-pid-1");
	gv_strv_add(&a, "--");
	gv_strv_add(&a, "/gover/agent");
	gv_strv_add(&a, "--version");
	answer = gv_engine_ask(a.v, said, sizeof(said));
	if (answer == NULL || strncmp(answer, "gover-agent ", 12) != 0)
		return gv_err_set(err, GV_EFAIL, "'%s' cannot make a sandbox here: %s", b->program, said);
	return 0;
}

static int
look(struct bwrap *b, struct gv_strv *why, struct gv_err *err)
{
	unsigned major = 0, minor = 0;
	char said[256];

	b->program = gv_engine_program("bwrap");
	if (b->program == NULL) {
		gv_err_set(err, GV_EFAIL, "no program 'bwrap' on PATH");
		return gv_err_help(err, "install bubblewrap, or start Docker or Podman");
	}
	b->base.info.version =
	    gv_engine_ask((char *const[]){ b->program, (char[]){ "--version" }, NULL }, said, sizeof(said));
	if (b->base.info.version == NULL || sscanf(b->base.info.version, "bubblewrap %u.%u", &major, &minor) != 2 ||
	    (major == 0 && minor < 5))
		return gv_err_set(err, GV_EFAIL, "'%s' is no bubblewrap of version 0.5 or later", b->program);
	b->sizes = major > 0 || minor >= 7;
	b->disable_userns = major > 0 || minor >= 8;
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
gv_bwrap_open(const char *agent, struct gv_strv *why, struct gv_err *err)
{
	struct bwrap *b = gv_xcalloc(1, sizeof(*b));

	b->base.ops = &ops;
	b->base.info.kind = GV_ENGINE_BWRAP;
	b->base.info.name = gv_xstrdup("bwrap");
	b->base.agent = gv_xstrdup(agent);
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
