/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_ASSEMBLE_H
#define GV_JUDGE_ASSEMBLE_H

#include "judge/facts.h"
#include "judge/finding.h"
#include "judge/result.h"

/*
 * The one door to a verdict: facts go in, a result comes out. No other file writes a result (judge/build.h).
 *
 *	gv_assemble_run(), gv_assemble_add() for each cell      before the first cell starts: all cells are skipped
 *	gv_assemble_cell(), or gv_assemble_unusable()           when a cell has ended: its phases, verdict and cause
 *	gv_assemble_skip()                                      for a cell that did not run
 *	gv_assemble_hint()                                      when the search for a GODEBUG setting has an answer
 */

/* Begin a result with what is known before its cells. Overwrites `out`; the caller releases it. */
void gv_assemble_run(struct gv_run_result *out, const struct gv_run_facts *f);

/* Append a cell. It is skipped (cause "only" if it is not wanted) until the run says otherwise. */
void gv_assemble_add(struct gv_run_result *out, const struct gv_cell_facts *f);

/* Give a cell its phases, verdict and cause. A cell that was cut short keeps its phases, but is "interrupted". */
void gv_assemble_cell(struct gv_cell_result *cell, const struct gv_cell_outcome *o);

/* Give a cell that cannot be run its verdict, with the reason as its only phase, "cell". */
void gv_assemble_unusable(struct gv_cell_result *cell, const struct gv_cell_obstacle *why);

/* Skip a cell, because it did not run, or not to its end. `why` becomes its cause. */
void gv_assemble_skip(struct gv_cell_result *cell, enum gv_cause why);

/* Replace the hint of a failed phase, because a repeat showed more. */
void gv_assemble_hint(struct gv_cell_result *cell, const char *phase, const char *hint);

/*
 * Find out what one phase shows, without a verdict: for a repeat that only answers a question. Fills an empty finding,
 * whose `phase` is borrowed from `phase`; the caller releases it.
 */
void gv_assemble_finding(struct gv_finding *out, const struct gv_collected_phase *phase, const char *version,
			 const struct gv_cell_outcome *o);

#endif
