/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_SIG_H
#define GV_UTIL_SIG_H

#include <stdbool.h>

#include "util/err.h"

/*
 * Catch SIGINT, SIGTERM and SIGHUP. The first signal sets a flag, which long-running code checks. A second signal, the
 * same or another, ends the process at once. A signal that was ignored stays ignored.
 */
void gv_sig_catch(void);

/*
 * `restore` runs when a second signal ends the process, for what must not stay as it is then, such as a raw terminal.
 * It may call only what a signal handler may. NULL: nothing to restore any more. One at a time.
 */
void gv_sig_restore(void (*restore)(void));

/* The signal that was caught, or 0. Any thread may call it. */
int gv_sig_caught(void);

/* Returns 0, or -1 and GV_EINTR when a signal was caught. */
int gv_sig_check(struct gv_err *err) GV_MUST_CHECK;

#endif
