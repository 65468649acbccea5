/* SPDX-License-Identifier: MIT */
#ifndef GV_UI_PROGRESS_H
#define GV_UI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/str.h"

/*
 * Shows the progress of several jobs on stderr. On a terminal, each job has a bar (name, phase, bytes/total, rate,
 * ETA). Bars appear after 500 ms, are redrawn at most every 100 ms, and are erased at the end. Elsewhere, and with -v,
 * TERM=dumb or CI, it prints lines: one when a phase has lasted 500 ms, one every 10 s after that, and one when the job
 * ends. It prints nothing with -q. Thread-safe: each job is updated by its own thread.
 *
 * The cursor stays visible, below the bars, and no terminal mode is changed. So nothing has to be restored, however the
 * process ends.
 */
struct gv_progress;     /* the meter */
struct gv_progress_job; /* one line of it */

/* At most one at a time in a process: it diverts the messages of ui/msg.h and starts a thread that draws. */
struct gv_progress *gv_progress_new(void);
/* Erase the bars, and free the meter and its jobs. `p` may be NULL. */
void gv_progress_free(struct gv_progress *p);

/* Add a job. The meter owns it. `name`, such as "go1.22.3", is copied. */
struct gv_progress_job *gv_progress_add(struct gv_progress *p, const char *name);
/* With a NULL job, the next three do nothing. */

/* Start a phase: "download", "verify", "unpack". The text is borrowed and must be static. */
void gv_progress_phase(struct gv_progress_job *job, const char *phase);
/*
 * Set the bytes that are done, of `total` bytes; total 0 = unknown. `kept` of the done bytes were there before, so they
 * do not count for the rate. This is cheap: call it for each chunk.
 */
void gv_progress_set(struct gv_progress_job *job, uint64_t done, uint64_t kept, uint64_t total);
/* End the job and print `line`, which may be NULL, above the bars. */
void gv_progress_end(struct gv_progress_job *job, const char *line);
/*
 * Draw something else above the bars. `draw` appends whole lines, at most `rows`, each of at most `columns` characters.
 * The meter's thread calls it with the meter locked, so it must not call the meter. Where no bars are drawn, this
 * returns false, and `draw` is never called.
 */
bool gv_progress_panel(struct gv_progress *p, void (*draw)(void *arg, struct gv_str *out, size_t columns, int rows),
		       void *arg);
/* From now on print lines and no bars, because another process writes to the terminal. Call it before any panel. */
void gv_progress_lines(struct gv_progress *p);
/* Print a line above the bars. */
void gv_progress_note(struct gv_progress *p, const char *line);

#endif
