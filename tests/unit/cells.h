/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_CELLS_H
#define GV_TESTS_CELLS_H

#include <stdbool.h>

#include "engine/engine.h"

/* What the tests of engines share: a small project, and a cell that runs shell scripts in it. */
extern char *cells_work, *cells_project;
extern struct gv_dirs cells_dirs;
extern const char *cells_kind; /* for the names of tests */

/* Directories and the project; false when that fails. */
bool cells_setup(void);
void cells_clean(void);
/*
 * "bwrap", "host", or an engine with a daemon that somebody started, "docker=unix:///..." (tests/real/engines.sh), with an empty
 * state. Says what it looked at; NULL when it is not there. Sets cells_kind.
 */
struct gv_engine *cells_open(const char *arg);

void spec_init(struct gv_cell_spec *s, const char *name);
void spec_free(struct gv_cell_spec *s);
void spec_phase(struct gv_cell_spec *s, const char *name, const char *script);

/* All frames of the cell, one a line; what went wrong as "error: ...". */
char *cell_frames(struct gv_cell *c, struct gv_cell_end *end);
/* From start to destroy; frees the spec. */
char *cell_run(struct gv_engine *e, struct gv_cell_spec *s, struct gv_cell_end *end);

/* Whether the answer holds the text; if not, what it holds becomes a comment. */
bool has(const char *answer, const char *text);
/* Entries of a directory; 0 when it is not there. */
unsigned entries(const char *parent, const char *name);
/* No record and no scratch. */
bool nothing_left(void);

#endif
