/* SPDX-License-Identifier: MIT */
#ifndef GV_REPORT_STREAM_H
#define GV_REPORT_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/result.h"
#include "util/err.h"
#include "util/strv.h"
#include "judge/facts.h"

/*
 * Writes the ndjson reports during a run: lines "run", "phase", "cell" and "summary" of gover-validate(7), "JSON
 * REPORT". Each line is written at once and whole. A thread writes them, so that a slow or stopped reader never delays
 * a cell. gv_stream_close() reports what failed. One thread at a time may call these functions.
 */
struct gv_stream;

/*
 * Open the ndjson reports among `specs` (as for gv_report_check()) and truncate their files. Without such a report
 * `*out` is NULL; every function here accepts NULL and does nothing. Errors: GV_EUSAGE, GV_EIO.
 */
int gv_stream_open(struct gv_stream **out, const struct gv_strv *specs, struct gv_err *err) GV_MUST_CHECK;

/* Whether the lines appear on a terminal. */
bool gv_stream_is_seen(const struct gv_stream *s);

/* Write the "run" line: what is tested, and where. */
void gv_stream_run(struct gv_stream *s, const struct gv_run_result *r);
/* Write that a phase of the cell named `cell` ended. */
void gv_stream_phase(struct gv_stream *s, const char *cell, const struct gv_collected_phase *p);
/* Write that cell `i` of the run ended. */
void gv_stream_cell(struct gv_stream *s, size_t i, const struct gv_cell_result *c);
/* The result of cell `i` changes after its line was written: write the line again at the end. */
void gv_stream_again(struct gv_stream *s, size_t i);

/*
 * Write the cells that have no line yet, and the summary; wait until everything is written, and free. With `r` NULL,
 * after a run that failed, only finish earlier lines. Errors: GV_EIO, GV_ETOOBIG (more than GV_REPORT_MAX bytes waited
 * for a reader).
 */
int gv_stream_close(struct gv_stream *s, const struct gv_run_result *r, struct gv_err *err) GV_MUST_CHECK;

#endif
