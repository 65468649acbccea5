/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_CURE_H
#define GV_VALIDATE_CURE_H

#include "util/err.h"
#include "validate/run.h"

/*
 * Call it when all cells have ended. If tests fail that no older Go failed (gv_godebug_wanted()), it runs them again
 * with GODEBUG settings that bring old defaults back (judge/godebug.h). The hint of the phase then names the settings
 * that make them pass. If there are none, a phase without a hint gets a hint that says so. If a repeat cannot run, the
 * hint stays as it is. Verdicts never change. Event: EXPLAIN. Errors: GV_EINTR only.
 */
int gv_cure_all(struct gv_run_state *s, struct gv_err *err) GV_MUST_CHECK;

#endif
