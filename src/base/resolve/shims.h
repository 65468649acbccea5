/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_SHIMS_H
#define GV_RESOLVE_SHIMS_H

#include <stdbool.h>

#include "resolve/dirs.h"

/*
 * The shims directory has links to the absolute path of bin/gover. They are named go, gofmt, gopls, dlv, and
 * go1.X.Y for each installed version, so that cmd/go with GOTOOLCHAIN=...+path finds the versions in our store.
 */

/* Whether `name` is the name of a shim: one of the four, or "go" and a valid version. */
bool gv_shims_is_name(const char *name);

/*
 * Make the directory and the links that are missing or lead elsewhere because the tree was moved. Each link is replaced
 * in one step. Our links of uninstalled versions are removed; other files in the directory are left alone.
 * When a link cannot be made, the others are still made, and then the function fails.
 */
int gv_shims_ensure(const struct gv_dirs *d, struct gv_err *err) GV_MUST_CHECK;

/* The same, but `program` is the path of bin/gover. For tests. */
int gv_shims_ensure_to(const struct gv_dirs *d, const char *program, struct gv_err *err) GV_MUST_CHECK;

#endif
