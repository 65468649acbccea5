/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/local_cell.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/str.h"

extern char **environ;

/*
 * The same agent without a sandbox: for machines where nothing else works, and only when asked. The project is still tested in a
 * copy. What a phase leaves running is found as the agent's descendants.
 */
struct host {
	struct gv_engine base;
	struct gv_cgroup_places places;
};

/* In-cell paths and what they are here. */
struct map {
	struct gv_strv target, real;
};

static void
map_free(struct map *m)
{
	gv_strv_free(&m->target);
	gv_strv_free(&m->real);
}

/* The longest target that `s` of `len` bytes lies in; -1 when none. */
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
add_element(struct gv_str *out, const struct map *m, const char *s, size_t len)
{
	int at = find(m, s, len);
	size_t skip = at >= 0 ? strlen(m->target.v[at]) : 0;

	if (at >= 0)
		gv_str_add(out, m->real.v[at]);
	gv_str_addn(out, s + skip, len - skip);
}

/* The word itself, or what stands after its first '=', as a list with colons. Caller frees. */
static char *
map_word(const struct map *m, const char *word)
{
	struct gv_str out = GV_STR_INIT(GV_PLAN_MAX);
	struct gv_err err = GV_ERR_INIT;
	const char *eq = strchr(word, '='), *at = word;
	char *text;

	if (eq != NULL && word[0] != '/') {
		gv_str_addn(&out, word, (size_t)(eq + 1 - word));
		at = eq + 1;
	}
	for (;;) {
		size_t n = strcspn(at, ":");

		add_element(&out, m, at, n);
		if (at[n] == '\0')
			break;
		gv_str_addc(&out, ':');
		at += n + 1;
	}
	text = gv_str_finish(&out, &err);
	gv_str_free(&out);
	return text != NULL ? text : gv_xstrdup(word);
}

static char *
map_optional(const struct map *m, const char *word)
{
	return word != NULL ? map_word(m, word) : NULL;
}

static void
map_list(const struct map *m, struct gv_strv *to, const struct gv_strv *from)
{
	for (size_t i = 0; i < from->n; i++)
		gv_strv_take(to, map_word(m, from->v[i]));
}

/* The plan with real paths; the caller frees it. */
static struct gv_plan
map_plan(const struct map *m, const struct gv_plan *from)
{
	struct gv_plan p = {
		.deadline_s = from->deadline_s,
		.copy_from = map_optional(m, from->copy_from),
		.copy_to = map_optional(m, from->copy_to),
		.dir = map_word(m, from->dir),
		.go_path = map_optional(m, from->go_path),
		.go_version = map_optional(m, from->go_version),
		.keep_head = from->keep_head,
		.keep_tail = from->keep_tail,
	};

	map_list(m, &p.skip, &from->skip);
	map_list(m, &p.env, &from->env);
	for (size_t i = 0; i < from->n_phases; i++) {
		const struct gv_plan_phase *ph = &from->phases[i];

		map_list(m, &gv_plan_add(&p, ph->name, ph->timeout_s, ph->condition)->argv, &ph->argv);
	}
	return p;
}

static int
make_places(struct gv_local_cell *c, const struct gv_cell_spec *spec, struct map *m, struct gv_err *err)
{
	gv_autofree char *top = gv_path_join(c->base.engine->scratch, c->base.id);

	gv_strv_add(&c->record.remove, top);
	for (size_t i = 0; i < spec->n_binds; i++) {
		gv_strv_add(&m->target, spec->binds[i].target);
		gv_strv_add(&m->real, spec->binds[i].source);
	}
	/* This host's commands are where they are. */
	gv_strv_add(&m->target, "/gover/bin");
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
	static char *const no_env[] = { NULL };
	struct gv_plan plan = map_plan(m, &spec->plan);
	gv_autofree char *text = NULL;
	int rc = -1;

	plan.cgroup = c->cgroup.memory;
	plan.watch_memory = c->cgroup.limits_memory ? 0 : spec->memory_bytes;
	plan.watch_pids = c->cgroup.limits_pids ? 0 : spec->pids;
	c->record.dir = gv_xstrdup(plan.dir);
	for (size_t i = 0; i < plan.env.n; i++)
		gv_strv_add(&c->record.env, plan.env.v[i]);
	text = gv_plan_text(&plan, err);
	if (text != NULL && gv_record_create(&c->record, c->base.engine->state, c->base.id, err) == 0)
		rc = gv_child_start(&c->child, (char *const[]){ c->base.engine->agent, text, NULL }, no_env, NULL, 0,
				    &c->cgroup, plan.deadline_s, err);
	gv_plan_free(&plan);
	return rc;
}

static void
host_destroy(struct gv_cell *cell)
{
	/* Asked, the agent kills what it started; killed, it would leave that behind. */
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

static _Noreturn void
become_shell(const struct gv_record *r, char *const argv[])
{
	static char *const no_env[] = { NULL };

	environ = r->env.n > 0 ? r->env.v : (char **)(uintptr_t)no_env;
	if (chdir(r->dir) == 0)
		execvp(argv[0], argv);
	_exit(127);
}

static int
host_enter(struct gv_engine *e, const char *id, char *const argv[], int *status, struct gv_err *err)
{
	static char shell[] = "/bin/sh";
	char *const just_shell[] = { shell, NULL };
	struct gv_record r;
	int rc = 0, st = 0;
	pid_t pid;

	if (gv_record_find(&r, e->state, id, err) < 0)
		return -1;
	pid = r.dir != NULL ? fork() : -1;
	if (pid == 0)
		become_shell(&r, argv != NULL ? argv : just_shell);
	while (pid > 0 && waitpid(pid, &st, 0) < 0 && errno == EINTR)
		;
	if (pid < 0)
		rc = gv_err_set(err, GV_EIO, "cannot enter the cell '%s'", id);
	else
		*status = WIFSIGNALED(st) ? 128 + WTERMSIG(st) : WEXITSTATUS(st);
	gv_record_free(&r);
	return rc;
}

static void
host_close(struct gv_engine *e)
{
	struct host *h = (struct host *)e;

	gv_cgroup_places_free(&h->places);
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
gv_host_open(const char *agent, struct gv_strv *why, struct gv_err *err)
{
	struct host *h = gv_xcalloc(1, sizeof(*h));

	(void)err;
	h->base.ops = &ops;
	h->base.agent = gv_xstrdup(agent);
	h->base.info = (struct gv_engine_info){
		.kind = GV_ENGINE_HOST,
		.name = gv_xstrdup("host"),
		.version = gv_xstrdup("no sandbox"),
		.endpoint = gv_xstrdup("this host"),
		.rootless = geteuid() != 0,
		.uid = (unsigned)geteuid(),
		.gid = (unsigned)getegid(),
	};
	gv_strv_add(why, "host: no sandbox, cells are ordinary processes");
	gv_cgroup_find(&h->places, why);
	return &h->base;
}
