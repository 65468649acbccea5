/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_LEVELS_H
#define GV_RESOLVE_LEVELS_H

#include "resolve/look.h"
#include "version/gomod.h"

/* The levels of the selection one by one, for resolve.c and explain.c. */

/* One level, or two that are checked together. `ask` returns 1 when it names a version, 0 when not, -1 on failure. */
struct gv_level_row {
	const char *label; /* for `explain` */
	int (*ask)(struct gv_ask *a, struct gv_look *look, struct gv_err *err);
};

extern const struct gv_level_row gv_levels[]; /* in order of precedence */
extern const size_t gv_levels_len;

int gv_ask_project(struct gv_ask *a, struct gv_look *look, struct gv_err *err); /* .go-version, .tool-versions */
int gv_ask_modules(struct gv_ask *a, struct gv_look *look, struct gv_err *err); /* go.work, go.mod */

/*
 * Find the go.work (`work`) or go.mod that cmd/go would use. Returns 1 with *file, which the caller frees, and *m; 0
 * when there is none; or -1.
 */
int gv_module_find(char **file, struct gv_gomod *m, struct gv_look *look, bool work, struct gv_err *err) GV_MUST_CHECK;

/* Fill r->trail and r->warnings. Row `level` of gv_levels decided, with the answer `a`; rows before it had none. */
void gv_explain(struct gv_resolution *r, const struct gv_ask *a, struct gv_look *look, size_t level);

#endif
