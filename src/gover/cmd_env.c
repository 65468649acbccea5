/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "gover/common.h"
#include "shell/goenv.h"
#include "shell/quote.h"
#include "ui/cmd.h"
#include "ui/msg.h"
#include "util/auto.h"
#include "util/proc.h"

#define TEXT_MAX (4u << 20) /* bytes; fits a PATH that consists of quotes, which quoting makes longer */

struct env_opts {
	const char *shell;
	bool no_install;
};

static const struct gv_opt env_rows[] = {
	GV_OPT_STR("shell", 0, struct env_opts, shell, "SHELL",
		   "Write for sh, bash, dash, zsh, ksh, mksh, ash or fish"),
	GV_OPT_BOOL("no-install", 0, struct env_opts, no_install, "Fail if the version is not installed"),
	GV_OPT_END,
};

/* Use the named shell, otherwise the shell that called us. Any other caller gets POSIX syntax. */
static int
pick_shell(enum gv_shell *shell, const char *name, struct gv_err *err)
{
	struct gv_err ignored = GV_ERR_INIT;
	struct gv_proc parent;

	*shell = GV_SHELL_POSIX;
	if (name == NULL) {
		if (gv_proc_read(&parent, getppid(), &ignored) == 0 && gv_shell_of(parent.comm) == GV_SHELL_FISH)
			*shell = GV_SHELL_FISH;
		return 0;
	}
	*shell = gv_shell_of(name);
	if (*shell != GV_SHELL_UNKNOWN)
		return 0;
	gv_err_set(err, GV_EUSAGE, "unknown shell '%s'", name);
	return gv_err_help(err, "use sh, bash, dash, zsh, ksh, mksh, ash, fish, or --json");
}

static void
print_json(const struct gv_goenv *env)
{
	struct gv_jsonout j;

	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_open(&j, "set", '{');
	for (size_t i = 0; i < env->names.n; i++)
		gv_jsonout_str(&j, env->names.v[i], env->values.v[i]);
	gv_jsonout_close(&j, '}');
	gv_jsonout_open(&j, "unset", '[');
	for (size_t i = 0; i < env->unset.n; i++)
		gv_jsonout_str(&j, NULL, env->unset.v[i]);
	gv_jsonout_close(&j, ']');
	gv_jsonout_close(&j, '}');
	gv_jsonout_print(&j);
}

static int
print_shell(const struct gv_goenv *env, enum gv_shell shell, struct gv_err *err)
{
	gv_autostr struct gv_str out = GV_STR_INIT(TEXT_MAX);
	gv_autofree char *text = NULL;

	for (size_t i = 0; i < env->names.n; i++)
		gv_quote_set(&out, shell, env->names.v[i], env->values.v[i]);
	for (size_t i = 0; i < env->unset.n; i++)
		gv_quote_unset(&out, shell, env->unset.v[i]);
	text = gv_str_finish(&out, err);
	if (text == NULL)
		return -1;
	fputs(text, stdout);
	return 0;
}

static int
env_run(const struct gv_globals *g, void *opts, int argc, char **argv)
{
	const struct env_opts *o = opts;
	struct gv_err err = GV_ERR_INIT;
	gv_autodirs struct gv_dirs d = { 0 };
	gv_autoresolution struct gv_resolution r = { 0 };
	gv_autogoenv struct gv_goenv env = { 0 };
	enum gv_shell shell;
	int status;

	if (pick_shell(&shell, o->shell, &err) < 0 || gv_local_dirs(&d, &err) < 0 ||
	    gv_local_resolve(&r, &d, argc > 0 ? argv[0] : NULL, &err) < 0)
		return gv_msg_fail(&err);
	status = gv_local_need(&d, &r, o->no_install);
	if (status != GV_EXIT_OK)
		return status;
	if (gv_goenv_exec(&env, &d, &r, &err) < 0)
		return gv_msg_fail(&err);
	if (g->json) {
		print_json(&env);
		return GV_EXIT_OK;
	}
	return print_shell(&env, shell, &err) < 0 ? gv_msg_fail(&err) : GV_EXIT_OK;
}

const struct gv_cmd gv_cmd_env = {
	.name = "env",
	.args = "[VERSION]",
	.details = "Prints the environment of 'gover exec' in the syntax of the calling shell:\n"
		   "\teval \"$(gover env 1.22.3)\"          in sh and similar shells\n"
		   "\tgover env 1.22.3 | source            in fish\n"
		   "Without VERSION: the version selected here.\n",
	.max_args = 1,
	.json = true,
	.opts = env_rows,
	.opts_size = sizeof(struct env_opts),
	.run = env_run,
};
