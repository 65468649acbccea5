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
	pthread_mutex_t lock; /* guards the board, which the meter's thread draws; who holds it takes no other lock */
	struct gv_board board;
	size_t *row_of;                /* by cell */
	size_t explaining;             /* the row that was explained last, SIZE_MAX: none */
	struct gv_progress_job **jobs; /* by cell, without a table; NULL: not running */
};

/*
 * Begin the display; live_end() ends it and frees the contents. `phases` is what cells of this platform run. `alone`:
 * nobody else writes to the terminal, so a table can be redrawn. The matrix is borrowed until live_end().
 */
void live_begin(struct live *l, const struct gv_matrix *m, const struct gv_strv *phases, bool alone);
/* Show that an SDK is being installed (`busy`), or no longer. Any thread may call it. */
void live_sdk(struct live *l, const char *version, bool busy);
/* Show an event of the run. One thread at a time may call it. */
void live_event(struct live *l, const struct gv_run_event *e);
void live_end(struct live *l);

#endif
