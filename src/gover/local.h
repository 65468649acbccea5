/* SPDX-License-Identifier: MIT */
#ifndef GV_GOVER_LOCAL_H
#define GV_GOVER_LOCAL_H

#include <stdbool.h>

#include "resolve/dirs.h"
#include "resolve/resolve.h"
#include "ui/jsonout.h"

/* What the local commands share. */

/* Run another command. */
int gv_local_run(int argc, char **argv);

/* The directories, with the shims mended where links are missing. A store that cannot be written is no failure. */
int gv_local_dirs(struct gv_dirs *d, struct gv_err *err) GV_MUST_CHECK;

/* The same version as `text` would select on a command line. Errors: GV_ENOTFOUND when nothing matches. */
int gv_local_resolve(struct gv_resolution *r, const struct gv_dirs *d, const char *text,
		     struct gv_err *err) GV_MUST_CHECK;

/*
 * See that the selected version is there: install it with gover-core when it is missing, unless `no_install` or the
 * setting auto_install forbid that. Returns an exit status, and prints when it is not 0.
 */
int gv_local_need(const struct gv_dirs *d, struct gv_resolution *r, bool no_install);

/* Run gover-core with these arguments (NULL-terminated) and wait. Returns its exit status. */
int gv_local_core(const char *const args[], struct gv_err *err) GV_MUST_CHECK;

/* The fields that each answer about a selection has: version request source file line installed warnings. */
void gv_local_json(struct gv_jsonout *j, const struct gv_resolution *r);

/* Warnings on stderr, and that it is not installed; the exit status of an answer: 0, or 3 when it is not. */
int gv_local_remarks(const struct gv_resolution *r);

#endif
