/* SPDX-License-Identifier: MIT */
#ifndef GV_STORE_STAGING_H
#define GV_STORE_STAGING_H

#include "resolve/dirs.h"
#include "util/err.h"

/*
 * Staging directories: staging/<random>. The process that uses one locks it (flock on the directory itself). A
 * directory without a lock was left by a dead process.
 */
struct gv_staging {
	char *path;
	int fd; /* of the directory; holds the lock */
};

/* clang-format off */
#define GV_STAGING_INIT { .fd = -1 }
/* clang-format on */

/* Make an empty one, mode 0755, and lock it. The caller removes or forgets it. Errors: GV_EIO, GV_EINTR. */
int gv_staging_make(struct gv_staging *s, const struct gv_dirs *d, struct gv_err *err) GV_MUST_CHECK;

/* Move the tree at `path` into staging/, locked. Other processes see both at once. Errors: GV_EIO. */
int gv_staging_take(struct gv_staging *s, const struct gv_dirs *d, const char *path, struct gv_err *err) GV_MUST_CHECK;

/* Remove it with its contents. If that fails, the next sweep tries again. */
void gv_staging_remove(struct gv_staging *s);

/* Call it after a rename: there is nothing to remove. */
void gv_staging_forget(struct gv_staging *s);

/* Remove what dead processes left in staging/, and manifests without an SDK. Ignores failures. */
void gv_staging_sweep(const struct gv_dirs *d);

#endif
