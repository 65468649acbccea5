/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_LEDGER_H
#define GV_ENGINE_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/engine.h"

/*
 * The record of a cell: what it leaves on this host, in a file <state>/cells/RUN-NAME. The gover that runs the cell
 * locks its record. An unlocked record means that this gover has ended and that the rest can be removed, after the
 * cell's time when it is kept.
 *
 *	gover-cell 1
 *	engine bwrap
 *	kept UNIX                       until then, if it was kept
 *	remove PATH                     its scratch directory; any other path is never removed
 *	cgroup PATH                     a control group that gover made
 *	dir DIR, env NAME=VALUE         how to enter it again
 *	bind SOURCE TARGET ro|rw        SOURCE of a daemon's volume: "volume:NAME"
 *	image NAME                      with a daemon
 *	limits MEMORY CPUS_MILLI PIDS
 */
struct gv_ledger {
	char *path;
	int fd; /* holds the lock; -1: not locked by us */
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
#define GV_LEDGER_INIT { .fd = -1 }
/* clang-format on */

/* Append a bind; strings are copied. */
void gv_ledger_add_bind(struct gv_ledger *l, const char *source, const char *target, bool writable);
/* Write the record of the cell `id` and lock it. Errors: GV_EBUSY if the cell has one already, GV_ETOOBIG, GV_EIO. */
int gv_ledger_create(struct gv_ledger *l, const char *state, const char *id, struct gv_err *err) GV_MUST_CHECK;
/*
 * Replace the record in one step, with the time until which the cell is kept, and unlock it. On failure the record is
 * unchanged and still locked. Errors: GV_ETOOBIG, GV_EIO.
 */
int gv_ledger_keep(struct gv_ledger *l, int64_t kept, struct gv_err *err) GV_MUST_CHECK;
/*
 * Remove the cell's control groups, then its directory in `scratch`, where engines make such directories, then the
 * record. Paths elsewhere stay, and so does a record that lists one.
 */
void gv_ledger_sweep(struct gv_ledger *l, const char *scratch);
/* Unlock, and free the contents. */
void gv_ledger_release(struct gv_ledger *l);

/* Add to `ids`, sorted, the ids of all cells with a record: kept, running, and left behind. */
void gv_ledger_list(struct gv_strv *ids, const char *state);
/* Read the record of the cell `id`, unlocked. Errors: GV_EUSAGE (not a cell name), GV_ENOTFOUND, GV_EFORMAT. */
int gv_ledger_find(struct gv_ledger *l, const char *state, const char *id, struct gv_err *err) GV_MUST_CHECK;
/*
 * Lock a record that was found until it is released, so that nobody removes the cell. `alone`: no one else may hold it.
 * Errors: GV_EBUSY (the cell runs, or `alone` and it is in use), GV_ENOTFOUND (it was removed meanwhile).
 */
int gv_ledger_hold(struct gv_ledger *l, bool alone, struct gv_err *err) GV_MUST_CHECK;
/* Sweep each record in <state>/cells whose gover has ended and whose time has passed. */
void gv_ledger_reap(const char *state, const char *scratch);

/* "RUN-NAME" as a file name; NULL and GV_EUSAGE when either holds anything but [A-Za-z0-9._-]. Caller frees. */
char *gv_ledger_id(const char *run, const char *name, struct gv_err *err) GV_MUST_CHECK;

#endif
