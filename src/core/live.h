/* SPDX-License-Identifier: MIT */
#ifndef GV_CORE_LIVE_H
#define GV_CORE_LIVE_H

#include <pthread.h>

#include "report/board.h"
#include "ui/progress.h"
#include "validate/runner.h"

/*
 * What `gover validate` shows while it runs, on stderr: on a terminal a table of cells and phases (report/board.h),
 * elsewhere a line for each finished cell. Silent with -q.
 */
struct live {
	struct gv_progress *meter;
	const struct gv_matrix *matrix;
	bool table;
	bool color;
	pthread_mutex_t lock; /* guards the board, which the meter's thread draws; nothing else is locked below it */
	struct gv_board board;
	size_t *row_of;                /* by cell */
	size_t explaining;             /* the row that was explained last, SIZE_MAX: none */
	struct gv_progress_job **jobs; /* by cell, without a table; NULL: not running */
};

/*
 * `phases`: what cells of this platform run. `alone`: nobody else writes to the terminal, so a table can be redrawn.
 * The matrix outlives the display.
 */
void live_begin(struct live *l, const struct gv_matrix *m, const struct gv_strv *phases, bool alone);
/* The SDK is being installed, or no longer. */
void live_sdk(struct live *l, const char *version, bool busy);
void live_event(struct live *l, const struct gv_run_event *e);
void live_end(struct live *l);

#endif
