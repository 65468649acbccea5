/* SPDX-License-Identifier: MIT */
#ifndef GV_STORE_LOCK_H
#define GV_STORE_LOCK_H

#include <stdbool.h>

#include "util/err.h"

/*
 * Locks between processes: flock on a file. The file holds the owner's pid, which a waiting process can report. The
 * kernel frees the lock when its process ends, so no lock is stale. The files stay.
 */
struct gv_lock {
	int fd; /* -1: not held */
};

/* clang-format off */
#define GV_LOCK_INIT { .fd = -1 }
/* clang-format on */
#define gv_autolock __attribute__((cleanup(gv_lock_release)))

/* Called once if another process holds the lock. pid is 0 when unknown. */
struct gv_lock_waiting {
	void (*say)(void *arg, long pid);
	void *arg;
};

/* Wait for dir/name and take it. `waiting` may be NULL. Errors: GV_EINTR, GV_EIO. */
int gv_lock_take(struct gv_lock *l, const char *dir, const char *name, const struct gv_lock_waiting *waiting,
		 struct gv_err *err) GV_MUST_CHECK;

/* Take dir/name only if it is free now. True when taken. */
bool gv_lock_try(struct gv_lock *l, const char *dir, const char *name);

/* A lock that is not held is fine. */
void gv_lock_release(struct gv_lock *l);

#endif
