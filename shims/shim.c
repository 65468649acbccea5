/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "shims/shim.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "resolve/config.h"
#include "resolve/decided.h"
#include "resolve/dirs.h"
#include "resolve/installed.h"
#include "resolve/programs.h"
#include "resolve/resolve.h"
#include "shell/goenv.h"
#include "ui/exit.h"
#include "ui/msg.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/num.h"
#include "util/path.h"

/*
 * Counts how often a shim ran a program from PATH without a Go from an SDK in between. Too many mean that a shim
 * and such a program call each other in a loop.
 */
#define DEPTH_VARIABLE "GOVER_SHIM_DEPTH"
#define DEPTH_MAX      10

struct shim {
	const char *tool; /* what to run: "go" when called as go1.22.3 */
	char **argv;      /* without +V */
	int argc;
	const char *argument; /* V of +V, or NULL */
	struct gv_dirs dirs;
	struct gv_resolution found;
};

/* Runs only when nothing could be run. */
static void
release(struct shim *s)
{
	gv_dirs_release(&s->dirs);
	gv_resolution_release(&s->found);
}

static int
fail(const struct gv_err *err, int status)
{
	gv_msg_error(err);
	return status;
}

/* Call this before running a program from PATH: only such a program can call a shim again under the same name. */
static int
count_depth(struct gv_err *err)
{
	const char *text = getenv(DEPTH_VARIABLE);
	uint64_t depth = 0;
	char next[24];

	/* We did not write a value that is not a number, so it counts as 0. */
	if (text != NULL && gv_num_u64(text, UINT32_MAX, &depth) == 0 && depth >= DEPTH_MAX) {
		gv_err_set(err, GV_EFAIL, "gover's shims call themselves in a loop");
		return gv_err_help(err, "a program on PATH runs the shim of its own name: 'gover which' shows it");
	}
	snprintf(next, sizeof(next), "%" PRIu64, depth + 1);
	setenv(DEPTH_VARIABLE, next, 1);
	return 0;
}

static int
run(const struct shim *s, const char *path)
{
	struct gv_err err = GV_ERR_INIT;

	execv(path, s->argv);
	gv_err_sys(&err, GV_EIO, "cannot run '%s'", path);
	if (s->found.goroot != NULL)
		gv_err_help(&err, "if it is damaged: gover install --force %s", s->found.version);
	return fail(&err, GV_EXIT_CANNOT_RUN);
}

static int
run_beyond(const struct shim *s)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *path = gv_system_tool(&s->dirs, s->tool);

	if (path == NULL) {
		gv_err_set(&err, GV_ENOTFOUND, "PATH has no '%s' other than gover's shim", s->tool);
		gv_err_help(&err, "install it, and put its directory on PATH");
		return fail(&err, GV_EXIT_MISSING);
	}
	if (count_depth(&err) < 0)
		return fail(&err, GV_EXIT_CANNOT_RUN);
	return run(s, path);
}

/* Become gover-core, which installs the version and then runs it with these arguments. */
static int
run_install(struct shim *s)
{
	struct gv_err err = GV_ERR_INIT, warning = GV_ERR_INIT; /* the warning is ignored: `gover config` shows it */
	gv_autoconfig struct gv_config config = { 0 };
	gv_autofree char *core = NULL;
	gv_autofree char **argv = gv_xcalloc((size_t)s->argc + 4, sizeof(*argv));
	char origin[512];
	int n = 0;

	gv_origin_text(origin, sizeof(origin), &s->found);
	if (gv_config_load(&config, s->dirs.config, &warning, &err) < 0)
		return fail(&err, GV_EXIT_CANNOT_RUN);
	if (!gv_config_is(&config, "auto_install", "yes")) {
		gv_err_set(&err, GV_ENOTFOUND, "go%s is not installed (selected by %s)", s->found.version, origin);
		gv_err_help(&err, "gover install %s", s->found.version);
		return fail(&err, GV_EXIT_MISSING);
	}
	core = gv_program_core(&err);
	if (core == NULL)
		return fail(&err, GV_EXIT_MISSING);
	gv_msg_info("gover: installing go%s, selected by %s", s->found.version, origin);
	argv[n++] = core;
	argv[n++] = (char *)"__shim";
	argv[n++] = s->found.version;
	argv[n++] = (char *)s->tool;
	for (int i = 1; i < s->argc; i++)
		argv[n++] = s->argv[i];
	execv(core, argv);
	gv_err_sys(&err, GV_EIO, "cannot run '%s'", core);
	return fail(&err, GV_EXIT_MISSING);
}

static int
run_selected(struct shim *s)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *path = NULL;

	if (strcmp(s->found.version, "system") == 0)
		return run_beyond(s);
	if (s->found.version[0] == '\0') {
		gv_no_known_version(&err, &s->found);
		return fail(&err, GV_EXIT_MISSING);
	}
	if (!s->found.installed)
		return run_install(s);
	path = gv_xasprintf("%s/bin/%s", s->found.goroot, s->tool);
	if (getenv(DEPTH_VARIABLE) != NULL)
		unsetenv(DEPTH_VARIABLE);
	return run(s, path);
}

/* go1.20 is exactly that release, although the request "1.20" means its newest patch. */
static int
find_exact(struct shim *s, const char *version, struct gv_err *err)
{
	struct gv_resolution *r = &s->found;

	if (gv_version_release_name(r->version, version, err) < 0)
		return -1;
	r->level = GV_LEVEL_ARGUMENT;
	r->installed = gv_installed(&s->dirs, r->version);
	if (r->installed)
		r->goroot = gv_dirs_sdk(&s->dirs, r->version, NULL);
	return 0;
}

/* The directory of `go -C DIR build` or `go build -C DIR`, or NULL. Like cmd/go, which takes no other place of -C. */
static const char *
working_dir(const struct shim *s)
{
	static const char *const groups[] = { "mod", "work", "telemetry" };
	const char *flag;
	bool more = true;
	int i = 1;

	/* The command, which may be a word or two. */
	while (more && i < s->argc && s->argv[i][0] != '-') {
		more = false;
		for (size_t g = 0; i == 1 && g < GV_ARRAY_LEN(groups); g++)
			more = more || strcmp(s->argv[i], groups[g]) == 0;
		i++;
	}
	if (i >= s->argc || s->argv[i][0] != '-')
		return NULL;
	flag = s->argv[i] + (s->argv[i][1] == '-' ? 2 : 1);
	if (strcmp(flag, "C") == 0)
		return i + 1 < s->argc ? s->argv[i + 1] : NULL;
	return strncmp(flag, "C=", 2) == 0 ? flag + 2 : NULL;
}

static int
find(struct shim *s, const char *name, struct gv_err *err)
{
	struct gv_resolve_how how = { 0 };

	if (strncmp(name, "go", 2) == 0 && name[2] >= '0' && name[2] <= '9') {
		s->tool = "go";
		return find_exact(s, name + 2, err);
	}
	if (s->argc > 1 && s->argv[1][0] == '+') {
		how.argument = s->argv[1] + 1;
		s->argv[1] = s->argv[0];
		s->argv++;
		s->argc--;
	}
	/* gopls and dlv themselves find the Go of each folder, through the shims. */
	if (how.argument == NULL && (strcmp(name, "gopls") == 0 || strcmp(name, "dlv") == 0))
		return 0;
	s->argument = how.argument;
	if (strcmp(name, "go") == 0)
		how.dir = working_dir(s);
	return gv_resolve(&s->found, &s->dirs, &how, err);
}

int
gv_shim_main(const char *name, int argc, char **argv)
{
	__attribute__((cleanup(release))) struct shim s = { .tool = name, .argc = argc, .argv = argv };
	struct gv_err err = GV_ERR_INIT;

	if (gv_dirs_init(&s.dirs, &err) < 0 || find(&s, name, &err) < 0 ||
	    gv_goenv_shim(&s.dirs, &s.found, s.argument, &err) < 0)
		return fail(&err, err.code == GV_ENOTFOUND ? GV_EXIT_MISSING : GV_EXIT_CANNOT_RUN);
	if (strcmp(s.tool, "gopls") == 0 || strcmp(s.tool, "dlv") == 0)
		return run_beyond(&s);
	return run_selected(&s);
}
