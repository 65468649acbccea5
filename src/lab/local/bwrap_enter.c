/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cell/paths.h"
#include "cell/plan.h"
#include "engine/ledger.h"
#include "local/bwrap.h"
#include "local/mounts.h"
#include "local/session.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/spawn.h"
#include "util/str.h"

/*
 * The environment for bwrap's --args, NUL-separated. It goes through a descriptor, because any user can read a command
 * line.
 */
static int
environment(const struct gv_ledger *r, struct gv_err *err)
{
	gv_autostr struct gv_str s = GV_STR_INIT(GV_PLAN_MAX);

	for (size_t i = 0; i < r->env.n; i++) {
		const char *eq = strchr(r->env.v[i], '=');

		if (eq == NULL)
			continue;
		gv_str_addn(&s, "--setenv", sizeof("--setenv"));
		gv_str_addn(&s, r->env.v[i], (size_t)(eq - r->env.v[i]));
		gv_str_addc(&s, '\0');
		gv_str_addn(&s, eq + 1, strlen(eq + 1) + 1);
	}
	return gv_spawn_input(gv_str_text(&s), s.len, err);
}

static void
add_command(struct gv_strv *a, const struct bwrap *b, const struct gv_ledger *r, char *const argv[])
{
	static char shell[] = "/bin/sh";
	char *const just_shell[] = { shell, NULL };
	unsigned user = b->root ? GV_ROOT_USER : 0;

	gv_strv_add(a, "--chdir");
	gv_strv_add(a, r->dir != NULL ? r->dir : "/");
	gv_strv_add(a, "--");
	gv_strv_add(a, GV_CELL_AGENT);
	gv_strv_add(a, "--enter");
	gv_strv_take(a, gv_xasprintf("%u:%u", user, user));
	for (char *const *word = argv != NULL ? argv : just_shell; *word != NULL; word++)
		gv_strv_add(a, *word);
}

static int
enter(struct bwrap *b, const struct gv_ledger *r, char *const argv[], int *status, struct gv_err *err)
{
	gv_auto_mounts struct gv_mounts m = { .sizes = b->sizes };
	gv_autostrv struct gv_strv a = GV_STRV_INIT;
	gv_autofree char *name = gv_xasprintf("enter-%ld", (long)getpid());
	struct gv_cgroup g;
	size_t n_fds = 0;
	int rc, fds[GV_MOUNT_FILES_MAX + 1];

	gv_mounts_base(&m, b->base.info.uid, b->base.info.gid, 0);
	gv_mounts_host(&m, true);
	for (size_t i = 0; i < r->n_binds; i++)
		gv_mounts_bind(&m, r->binds[i].source, r->binds[i].target, r->binds[i].writable);
	gv_bwrap_args(&a, b, false);
	rc = gv_mounts_bwrap(&m, &a, fds, &n_fds, err);
	if (rc == 0 && (fds[n_fds] = environment(r, err)) >= 0) {
		gv_strv_add(&a, "--args");
		gv_strv_take(&a, gv_xasprintf("%d", fds[n_fds++]));
		add_command(&a, b, r, argv);
		gv_cgroup_make(&g, &b->places, name, r->memory_bytes, r->cpus_milli, r->pids);
		rc = gv_session_run(&(struct gv_spawn){ .argv = a.v, .keep = fds, .n_keep = n_fds }, &g, status, err);
		gv_cgroup_release(&g);
	} else {
		rc = -1;
	}
	for (size_t i = 0; i < n_fds; i++)
		close(fds[i]);
	return rc;
}

int
gv_bwrap_enter(struct gv_engine *e, const char *id, char *const argv[], int *status, struct gv_err *err)
{
	struct gv_ledger r;
	int rc;

	if (gv_ledger_find(&r, e->state, id, err) < 0)
		return -1;
	rc = enter((struct bwrap *)e, &r, argv, status, err);
	gv_ledger_release(&r);
	return rc;
}
