/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_LEVELS_H
#define GV_RESOLVE_LEVELS_H

#include "resolve/resolve.h"
#include "version/gomod.h"

/* The levels one by one, for resolve.c and explain.c. */

/* What one level asks for. */
struct gv_ask {
	enum gv_level level;
	struct gv_request request;
	char
	    asked[GV_REQUEST_MAX]; /* as it stands there; a go line "1.22.3" becomes the range "~1.22.3" in `request` */
	char *file;                /* absolute, or NULL */
	unsigned line;
	bool floor; /* from a go line */
};

#define gv_autoask __attribute__((cleanup(gv_ask_free)))
void gv_ask_free(struct gv_ask *a);

/* What the levels share. */
struct gv_look {
	const struct gv_dirs *d;
	const struct gv_resolve_how *how;
	char *wd; /* found when the first level needs it */
};

#define gv_autolook __attribute__((cleanup(gv_look_free)))
void gv_look_free(struct gv_look *look);

/* The working directory, borrowed; NULL with `err`. */
const char *gv_look_dir(struct gv_look *look, struct gv_err *err);

/* One level, or two that are looked at together: 1 it speaks, 0 it is silent, -1 it is malformed. */
struct gv_level_row {
	const char *label; /* for `explain` */
	int (*ask)(struct gv_ask *a, struct gv_look *look, struct gv_err *err);
};

extern const struct gv_level_row gv_levels[]; /* in order of precedence */
extern const size_t gv_levels_len;

int gv_ask_project(struct gv_ask *a, struct gv_look *look, struct gv_err *err); /* .go-version, .tool-versions */
int gv_ask_modules(struct gv_ask *a, struct gv_look *look, struct gv_err *err); /* go.work, go.mod */

/* The go.work (or go.mod) that cmd/go would use: 1 with *file (caller frees) and *m, 0 none, -1. */
int gv_module_find(char **file, struct gv_gomod *m, struct gv_look *look, bool work, struct gv_err *err) GV_MUST_CHECK;

/*
 * The release that an ask comes to: the newest installed one, else the newest known one, else "" in *version.
 * Errors: GV_ENOTFOUND for "system" without a go on PATH.
 */
int gv_ask_settle(char *version, bool *installed, const struct gv_ask *a, const struct gv_dirs *d,
		  struct gv_err *err) GV_MUST_CHECK;

/* Fill r->trail and r->warnings: `a` is what row `level` said, the rows before it were silent. */
void gv_explain(struct gv_resolution *r, const struct gv_ask *a, struct gv_look *look, size_t level);

#endif
