/* SPDX-License-Identifier: MIT */
#ifndef GV_UI_PROGRESS_H
#define GV_UI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/str.h"

/*
 * Progress of several jobs at once, on stderr. On a terminal: a bar per job (name, phase, bytes/total, rate,
 * ETA), first drawn after 500 ms, redrawn at most every 100 ms, erased at the end. Elsewhere: one line when a
 * phase of more than half a second begins and one when the job ends, a heartbeat every 10 s. Silent with -q; plain lines with
 * -v, TERM=dumb and CI. Thread-safe: each job is updated by its own thread.
 *
 * The cursor waits below what is drawn and is never hidden, and no mode of the terminal is changed: whatever ends the process,
 * nothing has to be restored.
 */
struct gv_progress;     /* the meter */
struct gv_progress_job; /* one line of it */

struct gv_progress *gv_progress_new(void);
/* Erase what is drawn and free, jobs included. NULL is fine. */
void gv_progress_free(struct gv_progress *p);

/* `name` is copied: "go1.22.3". */
struct gv_progress_job *gv_progress_add(struct gv_progress *p, const char *name);
/* The next three take a NULL job and do nothing. */

/* "download", "verify", "unpack": borrowed static text. */
void gv_progress_phase(struct gv_progress_job *job, const char *phase);
/*
 * done of total bytes; total 0 = unknown. `kept` of them were there already: they count, but not for the rate. Cheap:
 * call it per chunk.
 */
void gv_progress_set(struct gv_progress_job *job, uint64_t done, uint64_t kept, uint64_t total);
/* The job is over; `line` (may be NULL) is printed above the bars. */
void gv_progress_end(struct gv_progress_job *job, const char *line);
/*
 * Draw something of one's own above the bars: `draw` appends whole lines, at most `rows` of at most `columns` characters. It is called
 * by the meter's thread with the meter locked, so it must not call the meter. False, and `draw` is never called, where no bars are drawn.
 */
bool gv_progress_panel(struct gv_progress *p, void (*draw)(void *arg, struct gv_str *out, size_t columns, int rows), void *arg);
/* Print a line without tearing the bars. */
void gv_progress_note(struct gv_progress *p, const char *line);

#endif
