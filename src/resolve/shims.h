/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_SHIMS_H
#define GV_RESOLVE_SHIMS_H

#include <stdbool.h>

#include "resolve/dirs.h"

/*
 * The shims directory: links named go, gofmt, gopls, dlv and go1.X.Y (one for each installed version, so that
 * cmd/go's GOTOOLCHAIN=...+path lands in our store), all to the absolute path of bin/gover.
 */

/* Whether a program called `name` is a shim: one of the four, or "go" and a well-formed version. */
bool gv_shims_is_name(const char *name);

/*
 * Make the directory and the links that are missing or lead elsewhere (the tree was moved), each replaced in one
 * step; remove links of versions that are gone. Other files in it are left alone.
 * A link that cannot be made is an error, but the others are made all the same.
 */
int gv_shims_ensure(const struct gv_dirs *d, struct gv_err *err) GV_MUST_CHECK;

/* The same, with the path of bin/gover given. */
int gv_shims_ensure_to(const struct gv_dirs *d, const char *program, struct gv_err *err) GV_MUST_CHECK;

#endif
