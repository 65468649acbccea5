/* SPDX-License-Identifier: MIT */
#ifndef GV_STORE_COMMIT_H
#define GV_STORE_COMMIT_H

#include "resolve/dirs.h"
#include "store/manifest.h"
#include "store/staging.h"

/*
 * Make a proven tree visible: write the manifest, sync everything to disk, rename the tree into sdks/. An old SDK of
 * that name is exchanged with the new one and removed. The caller holds the version's lock. Errors: GV_EIO; then
 * nothing has changed, and the caller removes the staging directory.
 */
int gv_commit(const struct gv_dirs *d, const char *name, struct gv_staging *staging, const struct gv_manifest *m,
	      struct gv_err *err) GV_MUST_CHECK;

#endif
