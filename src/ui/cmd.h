/* SPDX-License-Identifier: MIT */
#ifndef GV_UI_CMD_H
#define GV_UI_CMD_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/exit.h"
#include "ui/opt.h"

/*
 * One command: a const object in a file of its own, src/gover/cmd_NAME.c or src/core/cmd_NAME.c, named
 * gv_cmd_NAME. Name, summary and program stand once, in cmds.def.
 */
struct gv_globals {
	bool json;
	bool quiet;
	int verbose;
	bool no_input;
};

struct gv_cmd {
	const char *name;
	const char *args;           /* "VERSION..." */
	const char *details;        /* what --help says below the usage line: several lines */
	int min_args;
	int max_args;               /* -1: no limit */
	bool json;                  /* answers something, so takes --json */
	bool raw_args;              /* options end at the first argument (exec) */
	const struct gv_opt *opts;  /* ends with GV_OPT_END */
	size_t opts_size;           /* of the struct that the rows fill; zeroed before parsing */
	int (*run)(const struct gv_globals *g, void *opts, int argc, char **argv); /* returns an exit status */
};

struct gv_cmd_entry {
	const char *name;
	const char *summary;
	bool core; /* runs in gover-core */
};

/* All of cmds.def. */
extern const struct gv_cmd_entry gv_cmd_entries[];
extern const size_t gv_cmd_entries_len;

/*
 * The whole life of a program: global options (-C DIR, -q, -v, --color WHEN, --no-input, --json, --help,
 * --version), command look-up in `cmds`, its options, its run; then stdout is checked (a full disk or a
 * closed pipe is an error, not silence). `handoff` is called for a command that the other program has
 * (NULL: unknown command).
 */
int gv_cmd_main(int argc, char **argv, const struct gv_cmd *const *cmds, size_t n_cmds,
		int (*handoff)(const char *name, char **argv));

/* The same within a program that runs already: a command that is another one (help). */
int gv_cmd_run(int argc, char **argv, const struct gv_cmd *const *cmds, size_t n_cmds,
	       int (*handoff)(const char *name, char **argv));

#endif
