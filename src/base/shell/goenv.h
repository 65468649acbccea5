/* SPDX-License-Identifier: MIT */
#ifndef GV_SHELL_GOENV_H
#define GV_SHELL_GOENV_H

#include <stdbool.h>

#include "resolve/dirs.h"
#include "resolve/resolve.h"
#include "util/strv.h"

/*
 * The only place that decides what environment a Go gets. There is one function for each use: a shim, `exec` and `env`,
 * a cell, and fetching modules for cells. The table in goenv.c has a row for each variable, with the reason.
 */

/*
 * Change this process's environment for the selected Go, which a shim will exec. `argument` is the V of +V, which `r`
 * resolved, or NULL. PATH is not changed. Errors: a malformed settings file.
 */
int gv_goenv_shim(const struct gv_dirs *d, const struct gv_resolution *r, const char *argument,
		  struct gv_err *err) GV_MUST_CHECK;

/* The changes that `exec` and `env` make, so that a program and its children run the selected Go. */
struct gv_goenv {
	struct gv_strv names;
	struct gv_strv values; /* by index of names */
	struct gv_strv unset;
};

#define gv_autogoenv __attribute__((cleanup(gv_goenv_release)))

/* Fill a zeroed `e`. For "system", PATH is not changed. Errors: a malformed settings file, an SDK path with a colon. */
int gv_goenv_exec(struct gv_goenv *e, const struct gv_dirs *d, const struct gv_resolution *r,
		  struct gv_err *err) GV_MUST_CHECK;
/* Free the contents, not `e`. */
void gv_goenv_release(struct gv_goenv *e);

/* Make the changes in this process's own environment. */
void gv_goenv_apply(const struct gv_goenv *e);

/* The facts about a cell that its environment depends on. Paths are those inside the cell. */
struct gv_goenv_cell {
	const char *sdk;      /* GOROOT */
	const char *bin;      /* commands of this host without a compiler */
	const char *cache;    /* GOCACHE */
	const char *mod;      /* GOMODCACHE */
	const char *platform; /* "linux/arm64" to build for another platform; NULL: for its own */
	const char *axis;     /* "K=V,K=V" that the matrix adds; "": nothing */
	bool image;           /* the cell's commands come from an image */
	unsigned cpus_milli;
};

/* Append the whole environment of a cell, as "NAME=VALUE". The values of the axis win. */
void gv_goenv_cell(struct gv_strv *lines, const struct gv_goenv_cell *in);

/* Whether the axis value sets the variable `name`. */
bool gv_goenv_axis_sets(const char *axis, const char *name);

/*
 * Append the whole environment of a fetch of modules, "NAME=VALUE", into the module cache `mod`: the caller's own, but. `work`
 * is the go.work of the project, NULL: none.
 */
void gv_goenv_fetch(struct gv_strv *lines, const char *mod, const char *work);

#endif
