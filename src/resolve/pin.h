/* SPDX-License-Identifier: MIT */
#ifndef GV_RESOLVE_PIN_H
#define GV_RESOLVE_PIN_H

#include <stdbool.h>
#include <sys/types.h>

#include "resolve/dirs.h"
#include "util/proc.h"
#include "version/version.h"

/*
 * Pins: `gover use V` leaves a record for its parent process, and shims walk their ancestors through
 * /proc to the nearest one that has a record. File pins/<pid>-<start>:
 *
 *	gover-pin 1\n<version>\n<pid> <start> <boot id> <pid namespace inode>\n
 *
 * A record counts only when all four name a living process; whatever does not is swept by gv_pin_sweep().
 */
struct gv_pin {
	char version[GV_VERSION_MAX];
	struct gv_proc owner;
};

/* Whether `comm` is a shell that a user or script would call gover from ("bash", "-zsh", "busybox"...). */
bool gv_pin_is_shell(const char *comm);

int gv_pin_write(const struct gv_dirs *d, const struct gv_proc *owner, const char *version,
		 struct gv_err *err) GV_MUST_CHECK;

/* Remove the pin of `owner`; *had says whether there was one. */
int gv_pin_clear(const struct gv_dirs *d, const struct gv_proc *owner, bool *had, struct gv_err *err) GV_MUST_CHECK;

/*
 * The pin of this process (a shell may replace itself by its last command) or of its nearest ancestor that has one:
 * 1 found, 0 none, -1 failure (a record of an unknown format is a failure with a message). Without pins/ entries
 * nothing is walked.
 */
int gv_pin_find(const struct gv_dirs *d, struct gv_pin *out, struct gv_err *err) GV_MUST_CHECK;

/* Delete records of dead processes; failures are ignored. */
void gv_pin_sweep(const struct gv_dirs *d);

#endif
