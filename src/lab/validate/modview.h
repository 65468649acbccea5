/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_MODVIEW_H
#define GV_VALIDATE_MODVIEW_H

#include "project/modset.h"
#include "util/err.h"

/*
 * What a cell sees of the module cache: a directory with the modules that the project can need, and no others. The cache
 * itself has the modules of all projects, private ones too.
 *
 * A view is <views>/HASH, named by the set's key, so that equal sets share it. Its files are hard links to the cache. An
 * engine mounts it read-only, so a cell can change neither the files nor their modes. A view is made beside its place
 * and renamed, so it is whole or not there; views that nobody used for a week are removed.
 */

/*
 * The path of the set's view, which is made where it is missing; caller frees. Files are copied where the file system has
 * no hard links. Errors: GV_EIO.
 */
char *gv_modview_make(const char *views, const char *modcache, const struct gv_modset *set,
		      struct gv_err *err) GV_MUST_CHECK;

/* Remove the views that were not used for a week, and what a killed gover left half-made. */
void gv_modview_sweep(const char *views);

#endif
