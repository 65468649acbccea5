/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "ui/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "resolve/resolve.h"
#include "ui/entries.h"
#include "ui/help.h"
#include "ui/msg.h"
#include "ui/similar.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/path.h"

struct general {
	struct gv_globals g;
	const char *dir;
	const char *color;
	bool help;
	bool version;
};

/* clang-format off */
#define GENERAL_ROWS \
	GV_OPT_STR("directory", 'C', struct general, dir, "DIR", "Run as if started in DIR"), \
	GV_OPT_BOOL("quiet", 'q', struct general, g.quiet, "Print no progress and no remarks"), \
	GV_OPT_COUNT("verbose", 'v', struct general, g.verbose, "Print more messages"), \
	GV_OPT_STR("color", 0, struct general, color, "WHEN", "Use colour: auto, always or never"), \
	GV_OPT_BOOL("no-input", 0, struct general, g.no_input, "Never ask a question"), \
	GV_OPT_BOOL("help", 'h', struct general, help, "Show help")
#define JSON_ROW \
	GV_OPT_BOOL("json", 0, struct general, g.json, "Print the answer as JSON")
/* clang-format on */

static const struct gv_opt program_rows[] = {
	GENERAL_ROWS,
	JSON_ROW,
	GV_OPT_BOOL("version", 0, struct general, version, "Show the version of gover"),
	GV_OPT_END,
};
static const struct gv_opt general_rows[] = { GENERAL_ROWS, GV_OPT_END };
static const struct gv_opt answer_rows[] = { GENERAL_ROWS, JSON_ROW, GV_OPT_END };

struct program {
	const struct gv_cmd *const *cmds;
	size_t n_cmds;
	int (*handoff)(const char *name, char **argv);
	struct general general;
};

static const struct gv_cmd *
find_cmd(const struct program *p, const char *name)
{
	for (size_t i = 0; i < p->n_cmds; i++)
		if (strcmp(p->cmds[i]->name, name) == 0)
			return p->cmds[i];
	return NULL;
}

static int
usage_error(const struct gv_err *err, const char *command)
{
	struct gv_err shown = *err;

	if (shown.help[0] == '\0')
		gv_err_help(&shown, "gover help%s%s", command != NULL ? " " : "", command != NULL ? command : "");
	gv_msg_error(&shown);
	return GV_EXIT_USAGE;
}

static int
unknown_command(const char *name)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_similar best = GV_SIMILAR_INIT;

	for (size_t i = 0; i < gv_cmd_entries_len; i++)
		gv_similar_try(&best, name, gv_cmd_entries[i].name);
	gv_err_set(&err, GV_EUSAGE, "unknown command '%s'", name);
	if (best.name != NULL)
		gv_err_help(&err, "did you mean 'gover %s'?", best.name);
	return usage_error(&err, NULL);
}

/*
 * When descriptor 0, 1 or 2 is closed, the next file we open would get its number, and we would read or write
 * that file by mistake. So we open something there that fails when used. An exec closes it again.
 */
static void
guard_standard_streams(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", (fd == 0 ? O_WRONLY : O_RDONLY) | O_CLOEXEC) != fd)
			return;
}

/* Fail when our output could not be written. */
static int
finish(int status)
{
	bool fine = !ferror(stdout);

	errno = 0;
	if (fclose(stdout) == 0 && fine)
		return status;
	gv_msg_errorf(NULL, "cannot write to standard output%s%s", errno != 0 ? ": " : "",
		      errno != 0 ? strerror(errno) : "");
	return status != GV_EXIT_OK ? status : GV_EXIT_FAILURE;
}

static int
apply_messages(const struct general *general, struct gv_err *err)
{
	enum gv_color color = GV_COLOR_AUTO;

	if (general->color == NULL || strcmp(general->color, "auto") == 0)
		color = GV_COLOR_AUTO;
	else if (strcmp(general->color, "always") == 0)
		color = GV_COLOR_ALWAYS;
	else if (strcmp(general->color, "never") == 0)
		color = GV_COLOR_NEVER;
	else
		return gv_err_set(err, GV_EUSAGE, "'%s' is not a colour mode: use auto, always or never",
				  general->color);
	gv_msg_setup("gover", color, general->g.quiet, general->g.verbose);
	return 0;
}

static int
apply_directory(const struct general *general, struct gv_err *err)
{
	struct gv_err ignored = GV_ERR_INIT;
	gv_autofree char *pwd = NULL, *before = NULL;

	if (general->dir == NULL || strcmp(general->dir, ".") == 0)
		return 0;
	if (general->dir[0] != '/')
		before = gv_working_dir(&ignored);
	if (chdir(general->dir) < 0)
		return gv_err_sys(err, GV_EUSAGE, "cannot change to directory '%s'", general->dir);
	/*
	 * Like `cd`, keep the user's own spelling of a path through links in $PWD. If it is wrong, readers of $PWD
	 * ignore it.
	 */
	pwd = before != NULL ? gv_path_join(before, general->dir) : gv_xstrdup(general->dir);
	setenv("PWD", pwd, 1);
	return 0;
}

static int
check_count(const struct gv_cmd *cmd, int argc, struct gv_err *err)
{
	if (argc < cmd->min_args)
		return gv_err_set(err, GV_EUSAGE, "'%s' needs %s", cmd->name, cmd->args);
	if (cmd->max_args >= 0 && argc > cmd->max_args) {
		if (cmd->max_args == 0)
			return gv_err_set(err, GV_EUSAGE, "'%s' takes no arguments", cmd->name);
		return gv_err_set(err, GV_EUSAGE, "'%s' takes at most %d argument%s", cmd->name, cmd->max_args,
				  cmd->max_args > 1 ? "s" : "");
	}
	return 0;
}

static int run_program(struct program *p, int argc, char **argv);

/* Treat `help X` as `X --help`, so that it works in whichever program X runs. */
static int
run_help(const struct program *p, int argc, char **argv)
{
	struct program fresh = { .cmds = p->cmds, .n_cmds = p->n_cmds, .handoff = p->handoff };
	char *again[] = { (char *)"gover", argc > 0 ? argv[0] : (char *)"--help", argc > 0 ? (char *)"--help" : NULL,
			  NULL };

	return run_program(&fresh, argc > 0 ? 3 : 2, again);
}

/* argv[0..argc) are the arguments after the command's name. */
static int
run_command(struct program *p, const struct gv_cmd *cmd, int argc, char **argv)
{
	struct general *general = &p->general;
	const struct gv_cmd_entry *entry = gv_cmd_entry_find(cmd->name);
	gv_autofree void *opts = gv_xcalloc(1, cmd->opts_size);
	const struct gv_opt *rows = cmd->json ? answer_rows : general_rows;
	struct gv_opt_table tables[] = {
		{ cmd->opts, opts },
		{ rows, general },
	};
	struct gv_err err = GV_ERR_INIT;
	int status;

	argc = gv_opt_parse_tables(tables, GV_ARRAY_LEN(tables), argc, argv, cmd->raw_args, &err);
	if (argc < 0 || apply_messages(general, &err) < 0) {
		status = usage_error(&err, cmd->name);
	} else if (general->help) {
		gv_help_command(cmd, entry != NULL ? entry->summary : NULL, rows);
		status = GV_EXIT_OK;
	} else if (general->g.json && !cmd->json) {
		gv_err_set(&err, GV_EUSAGE, "'%s' does not take --json: it prints no answer", cmd->name);
		status = usage_error(&err, cmd->name);
	} else if (check_count(cmd, argc, &err) < 0 || apply_directory(general, &err) < 0) {
		status = usage_error(&err, cmd->name);
	} else if (cmd->help) {
		status = run_help(p, argc, argv);
	} else {
		status = cmd->run(&general->g, opts, argc, argv);
	}
	gv_opt_release(cmd->opts, opts);
	return status;
}

static int
run_program(struct program *p, int argc, char **argv)
{
	gv_autofree char **original = gv_xmemdup(argv, ((size_t)argc + 1) * sizeof(*argv));
	const struct gv_cmd_entry *entry;
	const struct gv_cmd *cmd;
	struct gv_err err = GV_ERR_INIT;
	int n = gv_opt_parse(program_rows, &p->general, argc - 1, argv + 1, true, &err);

	if (n < 0 || apply_messages(&p->general, &err) < 0)
		return usage_error(&err, NULL);
	if (p->general.version) {
		puts("gover " PACKAGE_VERSION);
		return GV_EXIT_OK;
	}
	if (n == 0) {
		gv_help_program(program_rows);
		return p->general.help ? GV_EXIT_OK : GV_EXIT_USAGE;
	}
	cmd = find_cmd(p, argv[1]);
	if (cmd != NULL)
		return run_command(p, cmd, n - 1, argv + 2);
	entry = gv_cmd_entry_find(argv[1]);
	/* The other program parses the whole command line again, with -C. */
	if (entry != NULL && p->handoff != NULL)
		return p->handoff(entry->name, original);
	return unknown_command(argv[1]);
}

int
gv_cmd_main(int argc, char **argv, const struct gv_cmd *const *cmds, size_t n_cmds,
	    int (*handoff)(const char *name, char **argv))
{
	struct program p = { .cmds = cmds, .n_cmds = n_cmds, .handoff = handoff };

	guard_standard_streams();
	/* Unless a terminal shows the output, write it all at the end, so that finish() sees why a write failed. */
	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
	return finish(argc > 0 ? run_program(&p, argc, argv) : GV_EXIT_USAGE);
}
