/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cell/paths.h"
#include "local/cell.h"
#include "local/local.h"
#include "local/session.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/str.h"

/*
 * Runs the agent without a sandbox, for machines where nothing else works, and only when the user names this engine. It
 * still tests a copy of the project. The agent finds processes that a phase left running among its descendants.
 */
struct host {
	struct gv_engine base;
	struct gv_cgroup_places places;
};

/* Paths in the cell, and the paths here that replace them. */
struct map {
	struct gv_strv target, real;
};

static void
map_free(struct map *m)
{
	gv_strv_release(&m->target);
	gv_strv_release(&m->real);
}

/* The index of the longest target that `s` (`len` bytes) is or lies below; -1 when there is none. */
static int
find(const struct map *m, const char *s, size_t len)
{
	size_t best = 0;
	int at = -1;

	for (size_t i = 0; i < m->target.n; i++) {
		size_t n = strlen(m->target.v[i]);

		if (n > best && n <= len && memcmp(s, m->target.v[i], n) == 0 && (n == len || s[n] == '/')) {
			best = n;
			at = (int)i;
		}
	}
	return at;
}

static void
add_path(struct gv_str *out, const struct map *m, const char *s, size_t len)
{
	int at = find(m, s, len);
	size_t skip = at >= 0 ? strlen(m->target.v[at]) : 0;

	if (at >= 0)
		gv_str_add(out, m->real.v[at]);
	gv_str_addn(out, s + skip, len - skip);
}

/* Map one path, of which a colon is a part. Caller frees. */
static char *
map_path(const struct map *m, const char *path)
{
	struct gv_str out = GV_STR_INIT(GV_PLAN_MAX);
	struct gv_err err = GV_ERR_INIT;
	char *text;

	add_path(&out, m, path, strlen(path));
	text = gv_str_finish(&out, &err);
	gv_str_release(&out);
	return text != NULL ? text : gv_xstrdup(path);
}

static char *
map_optional(const struct map *m, const char *path)
{
	return path != NULL ? map_path(m, path) : NULL;
}

/* Fail, because `path` holds a colon, so the list in the variable `name` cannot have it as an element. */
static int
has_colon(const char *name, const char *path, struct gv_err *err)
{
	gv_err_set(err, GV_EUSAGE, "%s cannot name '%s': it holds a colon", name, path);
	return gv_err_help(err, "set GOVER_ROOT to a directory without one, or use another engine");
}

/* Map a list of paths with colons between them. None of the real paths may hold a colon. Caller frees. */
static char *
map_list(const struct map *m, const char *list, struct gv_err *err)
{
	gv_autostr struct gv_str out = GV_STR_INIT(GV_PLAN_MAX);

	for (const char *s = list;; s++) {
		size_t n = strcspn(s, ":");
		int at = find(m, s, n);

		if (at >= 0 && strcmp(m->target.v[at], GV_CELL_BIN) != 0 && strchr(m->real.v[at], ':') != NULL) {
			has_colon("PATH", m->real.v[at], err);
			return NULL;
		}
		add_path(&out, m, s, n);
		s += n;
		if (*s == '\0')
			return gv_str_finish(&out, err);
		gv_str_addc(&out, ':');
	}
}

/* Map only the variables that the spec names as paths: a value of the user can look like a path by chance. */
static int
map_env(const struct map *m, struct gv_strv *to, const struct gv_cell_spec *spec, struct gv_err *err)
{
	for (size_t i = 0; i < spec->plan.env.n; i++) {
		const char *line = spec->plan.env.v[i], *value = line + strcspn(line, "=") + 1;
		gv_autofree char *name = gv_xstrndup(line, strcspn(line, "=")), *real = NULL;

		if (!gv_strv_has(&spec->env_paths, name)) {
			gv_strv_add(to, line);
			continue;
		}
		real = strcmp(name, "PATH") == 0 ? map_list(m, value, err) : map_path(m, value);
		if (real == NULL)
			return -1;
		/* Go makes a list from it: GOPATH is $HOME/go. */
		if (strcmp(name, "HOME") == 0 && strcmp(real, value) != 0 && strchr(real, ':') != NULL)
			return has_colon("HOME", real, err);
		gv_strv_take(to, gv_xasprintf("%s=%s", name, real));
	}
	return 0;
}

/* Fill a zeroed plan with real paths. The caller releases it, after a failure too. */
static int
map_plan(struct gv_plan *p, const struct map *m, const struct gv_cell_spec *spec, struct gv_err *err)
{
	const struct gv_plan *from = &spec->plan;

	*p = (struct gv_plan){
		.deadline_s = from->deadline_s,
		.copy_from = map_optional(m, from->copy_from),
		.copy_to = map_optional(m, from->copy_to),
		.dir = map_path(m, from->dir),
		.go_path = map_optional(m, from->go_path),
		.go_version = from->go_version != NULL ? gv_xstrdup(from->go_version) : NULL,
		.keep_head = from->keep_head,
		.keep_tail = from->keep_tail,
	};
	for (size_t i = 0; i < from->skip.n; i++)
		gv_strv_add(&p->skip, from->skip.v[i]);
	for (size_t i = 0; i < from->n_phases; i++) {
		const struct gv_plan_phase *ph = &from->phases[i];
		struct gv_strv *argv = &gv_plan_add(p, ph->name, ph->timeout_s, ph->condition)->argv;

		/* Map only the program: the arguments may be the user's. */
		for (size_t k = 0; k < ph->argv.n; k++)
			gv_strv_take(argv, k == 0 ? map_path(m, ph->argv.v[k]) : gv_xstrdup(ph->argv.v[k]));
	}
	return map_env(m, &p->env, spec, err);
}

static int
make_places(struct gv_local_cell *c, const struct gv_cell_spec *spec, struct map *m, struct gv_err *err)
{
	gv_autofree char *top = gv_path_join(c->base.engine->scratch, c->base.id);

	gv_strv_add(&c->ledger.remove, top);
	for (size_t i = 0; i < spec->n_binds; i++) {
		gv_strv_add(&m->target, spec->binds[i].target);
		gv_strv_add(&m->real, spec->binds[i].source);
	}
	/* Without mounts, the cell uses this host's commands where they are. */
	gv_strv_add(&m->target, GV_CELL_BIN);
	gv_strv_add(&m->real, "/usr/local/bin:/usr/bin:/bin");
	for (size_t i = 0; i < spec->tmpfs.n; i++) {
		gv_strv_add(&m->target, spec->tmpfs.v[i]);
		gv_strv_take(&m->real, gv_xasprintf("%s/%zu", top, i));
		if (gv_fs_mkdir_p(m->real.v[m->real.n - 1], err) < 0)
			return -1;
	}
	return 0;
}

static int
launch(struct gv_local_cell *c, const struct gv_cell_spec *spec, const struct map *m, struct gv_err *err)
{
	struct gv_plan plan = { 0 };
	char *const argv[] = { c->base.engine->agent, (char[]){ "--cell" }, c->base.id, NULL };
	int rc = map_plan(&plan, m, spec, err);

	plan.cgroup = c->cgroup.memory != NULL ? gv_xstrdup(c->cgroup.memory) : NULL;
	plan.watch_memory = c->cgroup.limits_memory ? 0 : spec->memory_bytes;
	plan.watch_pids = c->cgroup.limits_pids ? 0 : spec->pids;
	if (spec->keep) {
		c->ledger.dir = gv_xstrdup(plan.dir);
		for (size_t i = 0; i < plan.env.n; i++)
			gv_strv_add(&c->ledger.env, plan.env.v[i]);
	}
	if (rc == 0)
		rc = gv_ledger_create(&c->ledger, c->base.engine->state, c->base.id, err);
	if (rc == 0)
		rc = gv_child_start(&c->child, argv, &plan, NULL, 0, &c->cgroup, err);
	gv_plan_release(&plan);
	return rc;
}

static void
host_destroy(struct gv_cell *cell)
{
	/* SIGTERM lets the agent kill what it started; SIGKILL would leave that running. */
	gv_child_stop(&((struct gv_local_cell *)cell)->child, SIGTERM);
	gv_local_destroy(cell);
}

static struct gv_cell *
host_start(struct gv_engine *e, const struct gv_cell_spec *spec, struct gv_err *err)
{
	struct gv_local_cell *c = gv_local_new(e, &((struct host *)e)->places, spec, err);
	struct map m = { 0 };
	int rc;

	if (c == NULL)
		return NULL;
	rc = make_places(c, spec, &m, err);
	if (rc == 0)
		rc = launch(c, spec, &m, err);
	map_free(&m);
	if (rc == 0)
		return &c->base;
	host_destroy(&c->base);
	return NULL;
}

static int
host_enter(struct gv_engine *e, const char *id, char *const argv[], int *status, struct gv_err *err)
{
	static char shell[] = "/bin/sh";
	char *const just_shell[] = { shell, NULL }, *no_env[] = { NULL };
	struct gv_ledger r;
	int rc;

	if (gv_ledger_find(&r, e->state, id, err) < 0)
		return -1;
	if (r.dir == NULL)
		rc = gv_err_set(err, GV_EIO, "cannot enter the cell '%s'", id);
	else
		rc = gv_session_run(&(struct gv_spawn){ .argv = argv != NULL ? argv : just_shell,
							.envp = r.env.n > 0 ? r.env.v : no_env,
							.dir = r.dir },
				    NULL, status, err);
	gv_ledger_release(&r);
	return rc;
}

static void
host_close(struct gv_engine *e)
{
	struct host *h = (struct host *)e;

	gv_cgroup_places_release(&h->places);
	free(h);
}

static const struct gv_engine_ops ops = {
	.start = host_start,
	.read = gv_local_read,
	.finish = gv_local_finish,
	.keep = gv_local_keep,
	.destroy = host_destroy,
	.enter = host_enter,
	.reap = gv_local_reap,
	.close = host_close,
};

struct gv_engine *
gv_host_open(const char *agent, const struct gv_dirs *d, struct gv_strv *why, struct gv_err *err)
{
	struct host *h = gv_xcalloc(1, sizeof(*h));

	(void)err;
	gv_engine_init(&h->base, &ops, agent, d);
	h->base.info.name = gv_xstrdup("host");
	h->base.info.version = gv_xstrdup("no sandbox");
	h->base.info.endpoint = gv_xstrdup("this host");
	h->base.info.rootless = geteuid() != 0;
	h->base.info.uid = (unsigned)geteuid();
	h->base.info.gid = (unsigned)getegid();
	gv_strv_add(why, "host: no sandbox, cells are ordinary processes");
	gv_cgroup_find(&h->places, why);
	return &h->base;
}
