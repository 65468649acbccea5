/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_MODVIEW_H
#define GV_VALIDATE_MODVIEW_H

#include "project/modset.h"
#include "util/err.h"

/*
 * A view is what a cell sees of the module cache: a directory with the modules that the project can need, and no
 * others. The cache itself has the modules of all projects, private ones too.
 *
 * The view is <views>/HASH, named by the set's key, so that equal sets share it. Its files are hard links to the cache.
 * An engine mounts it read-only, so a cell can change neither the files nor their modes. gover makes a view under
 * another name and renames it, so it is whole or not there.
 */

/*
 * Make the set's view if it is missing, and return its path (caller frees); NULL on failure. Files are copied if the
 * file system has no hard links. Errors: GV_EIO.
 */
char *gv_modview_make(const char *views, const char *modcache, const struct gv_modset *set,
		      struct gv_err *err) GV_MUST_CHECK;

/* Remove the views that were not used for a week, and what a killed gover left half-made. */
void gv_modview_sweep(const char *views);

#endif
