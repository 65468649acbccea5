/* SPDX-License-Identifier: MIT */
#ifndef GV_CORE_LIVE_H
#define GV_CORE_LIVE_H

#include "ui/progress.h"
#include "validate/runner.h"

/*
 * What `gover validate` shows while it runs, on stderr: on a terminal a line per running cell with its phase, elsewhere a line
 * per finished cell. Silent with -q.
 */
struct live {
	struct gv_progress *meter;
	struct gv_progress_job **jobs; /* by cell; NULL: not running */
	size_t n;
};

void live_begin(struct live *l, size_t n_cells);
void live_event(struct live *l, const struct gv_run_event *e);
void live_end(struct live *l);

#endif
