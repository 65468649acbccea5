/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_CELLS_H
#define GV_TESTS_CELLS_H

#include <stdbool.h>

#include "engine/engine.h"
#include "resolve/dirs.h"

/* Shared by the tests of engines: a small project, and a cell that runs shell scripts in it. */
extern char *cells_work, *cells_project;
extern struct gv_dirs cells_dirs;
extern const char *cells_kind; /* for the names of tests */

/* Make the directories and the project; false on failure. */
bool cells_setup(void);
void cells_clean(void);
/*
 * Open "bwrap", "host" or a running daemon, "docker=unix:///..." (tests/real/engines.sh), with an empty state. Sets
 * cells_kind. Prints what it tried; NULL when the engine is not available.
 */
struct gv_engine *cells_open(const char *arg);
/* Open the same engine again, as the next gover, which finds what the first left. */
struct gv_engine *cells_again(struct gv_strv *why, struct gv_err *err);

void spec_init(struct gv_cell_spec *s, const char *name);
void spec_free(struct gv_cell_spec *s);
void spec_phase(struct gv_cell_spec *s, const char *name, const char *script);

/* All frames of the cell, one a line; a failure is "error: ...". */
char *cell_frames(struct gv_cell *c, struct gv_cell_end *end);
/* Run a cell from start to destroy, as cell_frames(); frees the spec. */
char *cell_run(struct gv_engine *e, struct gv_cell_spec *s, struct gv_cell_end *end);

/* Whether the answer contains the text. If not, print the answer as a comment. */
bool has(const char *answer, const char *text);
/* The number of entries of a directory; 0 when it is missing. */
unsigned entries(const char *parent, const char *name);
/* Whether there is no record and no scratch directory. */
bool nothing_left(void);

#endif
