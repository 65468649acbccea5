/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_CURE_H
#define GV_VALIDATE_CURE_H

#include "util/err.h"
#include "validate/run.h"

/*
 * After the cells: where a test fails that no older Go failed, the failing tests are run again with GODEBUG settings
 * that bring old defaults back (judge/godebug.h), and the hint of the phase names those that make them pass; that there
 * are none stands there only where no hint was. Where a repeat cannot be run the hint stays as it is. Event: EXPLAIN.
 *
 * -1 only for GV_EINTR; verdicts stay as they are in any case.
 */
int gv_cure_all(struct gv_run_state *s, struct gv_err *err) GV_MUST_CHECK;

#endif
