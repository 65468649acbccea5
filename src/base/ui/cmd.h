/* SPDX-License-Identifier: MIT */
#ifndef GV_UI_CMD_H
#define GV_UI_CMD_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/exit.h"
#include "ui/opt.h"

/*
 * One command: a const object named gv_cmd_NAME in a file of its own, src/gover/cmd_NAME.c or
 * src/core/cmd_NAME.c. cmds.def lists its name, its summary and the program it runs in.
 */
struct gv_globals {
	bool json;
	bool quiet;
	int verbose;
	bool no_input;
};

struct gv_cmd {
	const char *name;
	const char *args;    /* "VERSION..." */
	const char *details; /* the lines that --help prints below the usage line */
	int min_args;
	int max_args;              /* -1: no limit */
	bool json;                 /* it prints an answer, so it takes --json */
	bool raw_args;             /* options end at the first argument (exec) */
	const struct gv_opt *opts; /* ends with GV_OPT_END */
	size_t opts_size;          /* bytes of the struct that the rows fill; zeroed before parsing */
	bool help;                 /* this is `help`: shows the help of its argument or of the program; run is NULL */
	int (*run)(const struct gv_globals *g, void *opts, int argc, char **argv); /* returns an exit status */
};

/*
 * The main function of a program. It reads the global options (-C DIR, -q, -v, --color WHEN, --no-input,
 * --json, --help, --version), finds the command in `cmds`, reads its options and runs it. Then it checks
 * stdout, so that a full disk or a closed pipe is reported. `handoff` is called for a command that the other
 * program has; when it is NULL, such a command is unknown. Returns the exit status.
 */
int gv_cmd_main(int argc, char **argv, const struct gv_cmd *const *cmds, size_t n_cmds,
		int (*handoff)(const char *name, char **argv));

#endif
