/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_PIN_H
#define GV_RESOLVE_PIN_H

#include <stdbool.h>
#include <sys/types.h>

#include "resolve/dirs.h"
#include "util/proc.h"
#include "version/version.h"

/*
 * Pins: `gover use V` writes a record for its parent process. A shim looks through its ancestors in /proc
 * and uses the record of the nearest one that has any. File pins/<pid>-<start>:
 *
 *	gover-pin 1\n<version>\n<pid> <start> <boot id> <pid namespace inode>\n
 *
 * A record counts only while the last line's four values match a living process. gv_pin_sweep() deletes others.
 */
struct gv_pin {
	char version[GV_VERSION_MAX];
	struct gv_proc owner;
};

/* Whether `comm` is a shell that a user or script would call gover from ("bash", "-zsh", "busybox"...). */
bool gv_pin_is_shell(const char *comm);

/* Pin `owner` to `version`; this replaces its old pin. Errors: GV_EFAIL without a usable /proc, GV_EIO. */
int gv_pin_write(const struct gv_dirs *d, const struct gv_proc *owner, const char *version,
		 struct gv_err *err) GV_MUST_CHECK;

/* Remove the pin of `owner`. *had says whether there was one. */
int gv_pin_clear(const struct gv_dirs *d, const struct gv_proc *owner, bool *had, struct gv_err *err) GV_MUST_CHECK;

/*
 * Find the pin of this process (a shell may replace itself by its last command) or of its nearest ancestor that has
 * one. Returns 1, or 0 when there is none, or -1 on failure, for example a record with an unknown format. When pins/
 * is empty, no ancestor is looked at.
 */
int gv_pin_find(const struct gv_dirs *d, struct gv_pin *out, struct gv_err *err) GV_MUST_CHECK;

/* Delete the records of dead processes. Failures are ignored. */
void gv_pin_sweep(const struct gv_dirs *d);

#endif
