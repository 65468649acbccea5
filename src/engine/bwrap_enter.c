/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/bwrap.h"
#include "engine/mounts.h"
#include "engine/record.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/path.h"

static void
add_surroundings(struct gv_strv *a, const struct gv_record *r)
{
	for (size_t i = 0; i < r->env.n; i++) {
		const char *eq = strchr(r->env.v[i], '=');

		if (eq == NULL)
			continue;
		gv_strv_add(a, "--setenv");
		gv_strv_addn(a, r->env.v[i], (size_t)(eq - r->env.v[i]));
		gv_strv_add(a, eq + 1);
	}
	gv_strv_add(a, "--chdir");
	gv_strv_add(a, r->dir != NULL ? r->dir : "/");
}

/* The shell takes the terminal; afterwards it is ours again. */
static int
run_at_terminal(const struct gv_strv *a, const struct gv_cgroup *g, int *status, struct gv_err *err)
{
	pid_t group = isatty(STDIN_FILENO) ? tcgetpgrp(STDIN_FILENO) : -1;
	int st = 0;
	pid_t pid = fork();

	if (pid < 0)
		return gv_err_sys(err, GV_EIO, "cannot run '%s'", a->v[0]);
	if (pid == 0) {
		if (!gv_cgroup_join(g))
			_exit(126);
		execv(a->v[0], a->v);
		_exit(127);
	}
	while (waitpid(pid, &st, 0) < 0 && errno == EINTR)
		;
	*status = WIFSIGNALED(st) ? 128 + WTERMSIG(st) : WEXITSTATUS(st);
	if (group > 0) {
		void (*before)(int) = signal(SIGTTOU, SIG_IGN);

		tcsetpgrp(STDIN_FILENO, group);
		signal(SIGTTOU, before);
	}
	return 0;
}

static int
enter(struct bwrap *b, const struct gv_record *r, char *const argv[], int *status, struct gv_err *err)
{
	static char shell[] = "/bin/sh";
	char *const just_shell[] = { shell, NULL };
	gv_auto_mounts struct gv_mounts m = { .sizes = b->sizes };
	gv_autostrv struct gv_strv a = GV_STRV_INIT;
	struct gv_cgroup g;
	size_t n_fds = 0;
	int rc, fds[GV_MOUNT_FILES_MAX];

	gv_mounts_base(&m, b->base.info.uid, b->base.info.gid, 0);
	gv_mounts_host(&m, true);
	for (size_t i = 0; i < r->n_binds; i++)
		gv_mounts_bind(&m, r->binds[i].source, r->binds[i].target, r->binds[i].writable);
	gv_bwrap_args(&a, b, false);
	rc = gv_mounts_bwrap(&m, &a, fds, &n_fds, err);
	add_surroundings(&a, r);
	gv_strv_add(&a, "--");
	gv_strv_add(&a, "/gover/agent");
	gv_strv_add(&a, "--enter");
	gv_strv_take(&a, gv_xasprintf("%u:%u", b->root ? GV_ROOT_USER : 0, b->root ? GV_ROOT_USER : 0));
	for (char *const *word = argv != NULL ? argv : just_shell; *word != NULL; word++)
		gv_strv_add(&a, *word);
	for (size_t i = 0; i < n_fds; i++)
		fcntl(fds[i], F_SETFD, 0);
	if (rc == 0) {
		gv_autofree char *name = gv_xasprintf("enter-%ld", (long)getpid());

		gv_cgroup_make(&g, &b->places, name, r->memory_bytes, r->cpus_milli, r->pids);
		rc = run_at_terminal(&a, &g, status, err);
		gv_cgroup_free(&g);
	}
	for (size_t i = 0; i < n_fds; i++)
		close(fds[i]);
	return rc;
}

int
gv_bwrap_enter(struct gv_engine *e, const char *id, char *const argv[], int *status, struct gv_err *err)
{
	struct gv_record r;
	int rc;

	if (gv_record_find(&r, e->state, id, err) < 0)
		return -1;
	rc = enter((struct bwrap *)e, &r, argv, status, err);
	gv_record_free(&r);
	return rc;
}
