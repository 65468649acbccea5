/* SPDX-License-Identifier: MIT */
#ifndef GV_STORE_STAGING_H
#define GV_STORE_STAGING_H

#include "resolve/dirs.h"
#include "util/err.h"

/*
 * Staging directories: staging/<random>, each locked (flock on the directory itself) by the process that uses it, so
 * that what a dead process left can be told from what a living one needs.
 */
struct gv_staging {
	char *path;
	int fd; /* of the directory; holds the lock */
};

/* clang-format off */
#define GV_STAGING_INIT { .fd = -1 }
/* clang-format on */

/* Make an empty one, mode 0755. Errors: GV_EIO. */
int gv_staging_make(struct gv_staging *s, const struct gv_dirs *d, struct gv_err *err) GV_MUST_CHECK;

/* Move the tree at `path` out of sight and lock it, in one step for everybody else. */
int gv_staging_take(struct gv_staging *s, const struct gv_dirs *d, const char *path, struct gv_err *err) GV_MUST_CHECK;

/* Remove it with all it holds. A failure leaves it to the next sweep. */
void gv_staging_remove(struct gv_staging *s);

/* It was renamed away: nothing to remove. */
void gv_staging_forget(struct gv_staging *s);

/* Remove what dead processes left in staging/, and manifests without an SDK. Failures are ignored. */
void gv_staging_sweep(const struct gv_dirs *d);

#endif
