/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_COLLECT_H
#define GV_VALIDATE_COLLECT_H

#include "engine/engine.h"
#include "judge/facts.h"

/* From a cell's frames (cell/plan.h) to what each phase did (judge/facts.h). */

/* Called for a live display, from the thread that runs the cell. Both may be NULL. */
struct gv_collect_watch {
	void (*started)(void *arg, const char *phase);
	void (*ended)(void *arg, const struct gv_collected_phase *phase);
	void *arg;
};

#define GV_COLLECT_TEXT_MAX (4u << 20) /* bytes kept of a phase, whatever the agent sends */

/*
 * Read the cell to its end; gv_collected_release() frees the contents of `out`. `watch` may be NULL. A broken stream is
 * a fault in `out`, not an error. Errors: GV_EINTR only; `out` then holds what the cell had reported.
 */
int gv_collect(struct gv_collected *out, struct gv_cell *cell, const struct gv_collect_watch *watch,
	       struct gv_err *err) GV_MUST_CHECK;

#endif
