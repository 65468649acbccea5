/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_SIG_H
#define GV_UTIL_SIG_H

#include <stdbool.h>

#include "util/err.h"

/*
 * Interruption. The first SIGINT, SIGTERM or SIGHUP sets a flag that long work asks for; a second
 * one, the same or another, ends the process at once, as the default would.
 */
void gv_sig_catch(void);

/* The signal that came, or 0. Safe from any thread. */
int gv_sig_caught(void);

/* 0, or -1 and GV_EINTR when a signal came. */
int gv_sig_check(struct gv_err *err) GV_MUST_CHECK;

#endif
