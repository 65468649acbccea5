/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "gover/common.h"
#include "shell/goenv.h"
#include "ui/cmd.h"
#include "ui/msg.h"

struct exec_opts {
	bool no_install;
};

static const struct gv_opt exec_rows[] = {
	GV_OPT_BOOL("no-install", 0, struct exec_opts, no_install, "Fail if the version is not installed"),
	GV_OPT_END,
};

static int
exec_run(const struct gv_globals *g, void *opts, int argc, char **argv)
{
	const struct exec_opts *o = opts;
	struct gv_err err = GV_ERR_INIT;
	gv_autodirs struct gv_dirs d = { 0 };
	gv_autoresolution struct gv_resolution r = { 0 };
	gv_autogoenv struct gv_goenv env = { 0 };
	const char *version = argv[0];
	int status;

	(void)g;
	argv++;
	argc--;
	if (argc > 0 && strcmp(argv[0], "--") == 0) {
		argv++;
		argc--;
	}
	if (argc == 0) {
		gv_err_set(&err, GV_EUSAGE, "'exec' needs a command: gover exec VERSION -- COMMAND");
		return gv_msg_fail(&err);
	}
	if (gv_local_dirs(&d, &err) < 0 || gv_local_resolve(&r, &d, version, &err) < 0)
		return gv_msg_fail(&err);
	status = gv_local_need(&d, &r, o->no_install);
	if (status != GV_EXIT_OK)
		return status;
	if (gv_goenv_exec(&env, &d, &r, &err) < 0)
		return gv_msg_fail(&err);
	gv_goenv_apply(&env);
	execvp(argv[0], argv);
	status = errno == ENOENT ? GV_EXIT_MISSING : GV_EXIT_CANNOT_RUN;
	gv_err_sys(&err, GV_EFAIL, "cannot run '%s'", argv[0]);
	gv_msg_error(&err);
	return status;
}

const struct gv_cmd gv_cmd_exec = {
	.name = "exec",
	.args = "VERSION -- COMMAND...",
	.details =
	    "Replaces gover with COMMAND. That Go is first on PATH, GOVER_VERSION and GOTOOLCHAIN=local are set, and GOROOT is\n"
	    "unset. The exit status is that of COMMAND, 127 if it is not found, or 126 if it cannot be run.\n",
	.min_args = 1,
	.max_args = -1,
	.raw_args = true,
	.opts = exec_rows,
	.opts_size = sizeof(struct exec_opts),
	.run = exec_run,
};
