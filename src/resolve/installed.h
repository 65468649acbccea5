/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_INSTALLED_H
#define GV_RESOLVE_INSTALLED_H

#include <stdbool.h>

#include "resolve/dirs.h"
#include "util/strv.h"

/* Installed means sdks/go<version>/bin/go exists: the rename into sdks is the commit of an install. */
bool gv_installed(const struct gv_dirs *d, const char *version);

/*
 * The versions that the names below sdks/ promise, in no order; gv_installed() tells which of them are whole.
 * A missing sdks directory is an empty list.
 */
int gv_installed_names(const struct gv_dirs *d, struct gv_strv *out, struct gv_err *err) GV_MUST_CHECK;

/* All installed versions of this platform, newest first. A missing sdks directory is an empty list. */
int gv_installed_list(const struct gv_dirs *d, struct gv_strv *out, struct gv_err *err) GV_MUST_CHECK;

/*
 * The path of the first `tool` on PATH that is not gover itself (a file that leads to gover's own
 * executable, or anything inside the shims directory); empty and relative PATH elements are ignored.
 * NULL when there is none. Caller frees.
 */
char *gv_system_tool(const struct gv_dirs *d, const char *tool);

#endif
