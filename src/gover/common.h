/* SPDX-License-Identifier: MIT */
#ifndef GV_GOVER_COMMON_H
#define GV_GOVER_COMMON_H

#include <stdbool.h>

#include "resolve/dirs.h"
#include "resolve/resolve.h"
#include "util/jsonw.h"

/* Functions that the local commands share. */

/* Find the directories and make missing links in the shims directory. A store that is not writable is no failure. */
int gv_local_dirs(struct gv_dirs *d, struct gv_err *err) GV_MUST_CHECK;

/* Resolve the request `text`; when it is NULL, what is selected here. Errors: GV_ENOTFOUND when nothing matches. */
int gv_local_resolve(struct gv_resolution *r, const struct gv_dirs *d, const char *text,
		     struct gv_err *err) GV_MUST_CHECK;

/*
 * Make sure that the selected version is installed. If it is missing, gover-core installs it, unless `no_install` or
 * the setting auto_install forbids that. Returns an exit status; if that is not 0, the error has been printed.
 */
int gv_local_need(const struct gv_dirs *d, struct gv_resolution *r, bool no_install);

/* Run gover-core with these arguments, which end with NULL, and wait. Returns its exit status, or -1. */
int gv_local_core(const char *const args[], struct gv_err *err) GV_MUST_CHECK;

/* Write the fields of every answer about a selection: version request source file line installed warnings. */
void gv_local_json(struct gv_jsonout *j, const struct gv_resolution *r);

/* Print the warnings, and an error when the version is not installed. Returns the exit status: 0, or then 3. */
int gv_local_remarks(const struct gv_resolution *r);

#endif
