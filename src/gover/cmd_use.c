/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gover/common.h"
#include "resolve/installed.h"
#include "resolve/pin.h"
#include "ui/cmd.h"
#include "ui/msg.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/num.h"
#include "util/path.h"

struct use_opts {
	bool clear;
	bool no_install;
	const char *pid;
};

static const struct gv_opt use_rows[] = {
	GV_OPT_BOOL("clear", 0, struct use_opts, clear, "Remove the selection"),
	GV_OPT_BOOL("no-install", 0, struct use_opts, no_install, "Fail if the version is not installed"),
	GV_OPT_STR("pid", 0, struct use_opts, pid, "PID", "Select for this process, not for the calling shell"),
	GV_OPT_END,
};

static int
parse_pid(pid_t *pid, const char *text, struct gv_err *err)
{
	uint64_t n;

	if (gv_num_u64(text, 0x3fffffff, &n) < 0 || n == 0)
		return gv_err_set(err, GV_EUSAGE, "'%s' is not a process number", text);
	*pid = (pid_t)n;
	return 0;
}

/* A script with a #! line shows its own name, so also check the name of the program that runs it. */
static bool
is_shell(const struct gv_proc *p)
{
	char link[32], exe[PATH_MAX];
	ssize_t n;

	if (gv_pin_is_shell(p->comm))
		return true;
	snprintf(link, sizeof(link), "/proc/%ld/exe", (long)p->pid);
	n = readlink(link, exe, sizeof(exe) - 1);
	exe[n > 0 ? n : 0] = '\0';
	return gv_pin_is_shell(gv_path_base(exe));
}

/* The owner of the pin is the process --pid names, otherwise the process that called us, which must be a shell. */
static int
find_owner(struct gv_proc *owner, const struct use_opts *o, struct gv_err *err)
{
	pid_t pid = getppid();

	if (o->pid != NULL && parse_pid(&pid, o->pid, err) < 0)
		return -1;
	if (pid == 0) {
		gv_err_set(err, GV_EUSAGE,
			   "there is no shell to pin: gover was started from outside of this container");
		return gv_err_help(err, "use gover exec VERSION -- COMMAND, which needs no pin");
	}
	if (gv_proc_read(owner, pid, err) < 0) {
		if (o->pid != NULL && err->code == GV_ENOTFOUND)
			return gv_err_set(err, GV_EUSAGE, "there is no process %s", o->pid);
		err->code = GV_EFAIL;
		return gv_err_help(err, "mount /proc, or set GOVER_VERSION, which works without it");
	}
	if (o->pid != NULL || is_shell(owner))
		return 0;
	gv_err_set(err, GV_EUSAGE, "cannot pin '%s', pid %ld, which called gover: it is not a shell", owner->comm,
		   (long)pid);
	return gv_err_help(err,
			   "gover use --pid PID VERSION pins any process; gover exec VERSION -- COMMAND needs no pin");
}

static int
clear(const struct gv_dirs *d, const struct gv_proc *owner)
{
	struct gv_err err = GV_ERR_INIT;
	bool had = false;

	if (gv_pin_clear(d, owner, &had, &err) < 0)
		return gv_msg_fail(&err);
	gv_msg_info(had ? "removed the pin of %s, pid %ld" : "no pin for %s, pid %ld", owner->comm, (long)owner->pid);
	return GV_EXIT_OK;
}

/* The place in PATH that names `dir`, or NULL. */
static const char *
on_path(const char *dir)
{
	const char *path = getenv("PATH");
	size_t len = strlen(dir);

	while (path != NULL && *path != '\0') {
		size_t n = strcspn(path, ":");

		if (n == len && memcmp(path, dir, len) == 0)
			return path;
		path += n + (path[n] == ':');
	}
	return NULL;
}

/* Warn when the pin has no effect. */
static void
warn_no_effect(const struct gv_dirs *d)
{
	const char *env = getenv("GOVER_VERSION"), *shims = on_path(d->shims);
	gv_autofree char *other = gv_system_tool(d, "go");
	gv_autofree char *dir = other != NULL ? gv_xstrdup(other) : NULL;

	if (env != NULL && env[0] != '\0')
		gv_msg_warn("GOVER_VERSION is '%s' and overrides the pin", env);
	if (shims == NULL)
		gv_msg_warn("'%s' is not on PATH, so the pin does not change 'go'", d->shims);
	else if (dir != NULL && gv_path_parent(dir) && on_path(dir) != NULL && on_path(dir) < shims)
		gv_msg_warn("'%s' comes before '%s' on PATH, so the pin does not change 'go'", other, d->shims);
}

static int
pin(const struct gv_dirs *d, const struct gv_proc *owner, const char *text, bool no_install)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autoresolution struct gv_resolution r = { 0 };
	bool system;
	int status;

	if (gv_local_resolve(&r, d, text, &err) < 0)
		return gv_msg_fail(&err);
	system = strcmp(r.version, "system") == 0;
	if (system) {
		gv_autofree char *go = gv_system_tool(d, "go");

		if (go == NULL)
			gv_err_set(&err, GV_ENOTFOUND, "PATH has no 'go' other than gover's shim");
		if (go == NULL)
			return gv_msg_fail(&err);
	}
	status = gv_local_need(d, &r, no_install);
	if (status != GV_EXIT_OK)
		return status;
	gv_pin_sweep(d);
	if (gv_pin_write(d, owner, r.version, &err) < 0)
		return gv_msg_fail(&err);
	gv_msg_info("pinned %s%s for %s, pid %ld", system ? "" : "go", r.version, owner->comm, (long)owner->pid);
	warn_no_effect(d);
	return GV_EXIT_OK;
}

static int
use_run(const struct gv_globals *g, void *opts, int argc, char **argv)
{
	const struct use_opts *o = opts;
	struct gv_err err = GV_ERR_INIT;
	gv_autodirs struct gv_dirs d = { 0 };
	struct gv_proc owner;

	(void)g;
	if (o->clear == (argc > 0)) {
		gv_err_set(&err, GV_EUSAGE, "'use' %s",
			   o->clear ? "takes a version or --clear, not both" : "needs a version or --clear");
		gv_err_help(&err, "gover help use");
		return gv_msg_fail(&err);
	}
	if (gv_local_dirs(&d, &err) < 0 || find_owner(&owner, o, &err) < 0)
		return gv_msg_fail(&err);
	return o->clear ? clear(&d, &owner) : pin(&d, &owner, argv[0], o->no_install);
}

const struct gv_cmd gv_cmd_use = {
	.name = "use",
	.args = "VERSION | --clear",
	.details =
	    "Selects the version for the calling shell or script and everything it starts, until that shell ends. The\n"
	    "shell needs no set-up. A missing version is installed first. 'system' means the first go on PATH that is not\n"
	    "gover's.\n",
	.max_args = 1,
	.opts = use_rows,
	.opts_size = sizeof(struct use_opts),
	.run = use_run,
};
