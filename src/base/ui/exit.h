/* SPDX-License-Identifier: MIT */
#ifndef GV_UI_EXIT_H
#define GV_UI_EXIT_H

#include "util/err.h"

/* Exit statuses, as in gover(1). */
enum gv_exit {
	GV_EXIT_OK = 0,
	GV_EXIT_FAILURE = 1,
	GV_EXIT_USAGE = 2,     /* usage, or a malformed input file */
	GV_EXIT_NOT_FOUND = 3, /* version not found or not installed */
	GV_EXIT_NETWORK = 4,
	GV_EXIT_PROOF = 5, /* verification failed */
	GV_EXIT_BUSY = 6,
	GV_EXIT_CANNOT_RUN = 126, /* shims: anything else */
	GV_EXIT_MISSING = 127,    /* shims: missing version or failed install */
	GV_EXIT_INTERRUPTED = 130,
};

/* The exit status of a command that failed with `err`. Never 126 or 127, which only shims use. */
enum gv_exit gv_exit_of(const struct gv_err *err);

#endif
