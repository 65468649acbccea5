/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_RECORD_H
#define GV_ENGINE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/engine.h"

/*
 * What a cell without a daemon leaves on this host, as a file <state>/cells/RUN-NAME: whoever runs the cell holds a lock on
 * it, so a free lock means that its gover is gone and the rest can be swept. A kept cell's record is not locked and is swept
 * after its time.
 *
 *	gover-cell 1
 *	engine bwrap
 *	kept UNIX                       until then, if it was kept
 *	remove PATH                     a scratch directory
 *	cgroup PATH
 *	dir DIR, env NAME=VALUE         how to enter it again
 *	bind SOURCE TARGET ro|rw        SOURCE of a daemon's volume: "volume:NAME"
 *	image NAME                      with a daemon
 *	limits MEMORY CPUS_MILLI PIDS
 */
struct gv_record {
	char *path;
	int fd; /* the lock; -1: not ours */
	char *engine;
	int64_t kept;
	struct gv_strv remove, cgroups;
	char *dir;
	struct gv_strv env;
	struct gv_bind *binds;
	size_t n_binds;
	char *image;
	uint64_t memory_bytes;
	unsigned cpus_milli, pids;
};

/* clang-format off */
#define GV_RECORD_INIT { .fd = -1 }
/* clang-format on */

void gv_record_add_bind(struct gv_record *r, const char *source, const char *target, bool writable);
/* Write and lock it. Errors: GV_EBUSY when a cell of that name runs. */
int gv_record_create(struct gv_record *r, const char *state, const char *id, struct gv_err *err) GV_MUST_CHECK;
/* Write it again: it is to stay until `kept`. Unlocks. */
int gv_record_keep(struct gv_record *r, int64_t kept, struct gv_err *err) GV_MUST_CHECK;
/* Remove what it lists and itself. */
void gv_record_sweep(struct gv_record *r);
void gv_record_free(struct gv_record *r);

/* That of the cell `id`. Errors: GV_EUSAGE (no name of a cell), GV_ENOTFOUND, GV_EFORMAT. */
int gv_record_find(struct gv_record *r, const char *state, const char *id, struct gv_err *err) GV_MUST_CHECK;
/* Errors: GV_ENOTFOUND, GV_EFORMAT. */
int gv_record_read(struct gv_record *r, const char *path, struct gv_err *err) GV_MUST_CHECK;
/* Sweep all records in <state>/cells whose gover is gone and whose time has passed. */
void gv_record_reap(const char *state);

/* "RUN-NAME" as a file name; NULL and GV_EUSAGE when either holds anything but [A-Za-z0-9._-]. Caller frees. */
char *gv_record_id(const char *run, const char *name, struct gv_err *err) GV_MUST_CHECK;

#endif
