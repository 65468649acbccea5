/* SPDX-License-Identifier: MIT */
#ifndef GV_GOVER_GOENV_H
#define GV_GOVER_GOENV_H

#include "resolve/dirs.h"
#include "resolve/resolve.h"
#include "util/strv.h"

/*
 * What `exec` and `env` change so that one Go is run: <sdk>/bin first on PATH (and no other SDK of ours on it),
 * GOVER_VERSION, GOTOOLCHAIN=local, no GOROOT, the setting goproxy where GOPROXY is unset. For 'system' PATH stays.
 */
struct gv_goenv {
	struct gv_strv names;
	struct gv_strv values; /* by index of names */
	struct gv_strv unset;
};

#define gv_autogoenv __attribute__((cleanup(gv_goenv_free)))

/* Errors: a malformed settings file. */
int gv_goenv_make(struct gv_goenv *e, const struct gv_dirs *d, const struct gv_resolution *r,
		  struct gv_err *err) GV_MUST_CHECK;
void gv_goenv_free(struct gv_goenv *e);

/* Change this process's own environment. */
void gv_goenv_apply(const struct gv_goenv *e);

#endif
